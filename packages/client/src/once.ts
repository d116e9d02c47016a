import type { Environment } from './environment.ts';
import { timedOut } from './errors.ts';
import { firstOf } from './first-of.ts';
import type { Listener, OnceOptions, SubscribeOptions } from './events.ts';

export interface OnceContext<Name extends string, Data> {
  name: Name;
  subscribe(name: Name, listener: Listener<Name, Data>, options: SubscribeOptions): void;
  /** Its abort ends the wait, and so the promise, with its reason. */
  ended: AbortSignal;
  environment: Environment;
}

/** Waits for one occurrence and gives its data. Whatever ends the wait takes the listener away at that moment. */
export function once<Name extends string, Data>(
  { name, subscribe, ended, environment }: OnceContext<Name, Data>,
  { where = () => true, timeout, signal }: OnceOptions<Name, Data>,
): Promise<Data> {
  return new Promise((resolve, reject) => {
    const wait = new AbortController();
    const given = firstOf(ended, signal);
    const giveUp = (reason: unknown) => {
      wait.abort();
      reject(reason);
    };
    if (given.aborted) return giveUp(given.reason);
    given.addEventListener('abort', () => giveUp(given.reason), { signal: wait.signal });
    if (timeout !== undefined) {
      const expire = () => giveUp(timedOut(name, timeout));
      wait.signal.addEventListener('abort', environment.scheduler.after(timeout, expire));
    }
    const listener: Listener<Name, Data> = (data, occurrence) => {
      try {
        if (!where(data, occurrence)) return;
      } catch (error) {
        return giveUp(error);
      }
      wait.abort();
      resolve(data);
    };
    subscribe(name, listener, { signal: wait.signal });
  });
}
