import type { Replied } from '@parley/contract';
import type { SendEvents } from '@parley/contract/types';

import { backoff } from '../backoff.ts';
import type { Environment } from '../environment.ts';
import { isEventError } from '../errors.ts';
import { createKey } from '../keys.ts';
import type { Connection } from './connection.ts';

/** What says nothing about the send itself. A refused token is followed by a fresh one, or by the end. */
const passing = new Set(['DISCONNECTED', 'UNAUTHORIZED', 'OVERLOADED', 'RATE_LIMITED', 'TIMEOUT']);

/** Sends again, under the same key and so with one effect, until there is a definite answer or the signal is aborted. */
export async function sendPersistently<Name extends keyof SendEvents>(
  { send, ended, environment }: Connection,
  name: Name,
  data: SendEvents[Name]['data'],
  given?: AbortSignal,
): Promise<Replied<SendEvents[Name]['reply']>> {
  const signal = AbortSignal.any([ended, ...(given ? [given] : [])]);
  const key = createKey(environment.random);
  for (let failures = 0; ; failures += 1) {
    try {
      return await send(name, data, { key, signal });
    } catch (error) {
      if (signal.aborted || !isEventError(error) || !passing.has(error.code)) throw error;
      await pause(error.retryAfterMs ?? backoff(failures, environment.random), environment, signal);
    }
  }
}

/** Waits so many milliseconds, or until the signal is aborted. */
function pause(milliseconds: number, { scheduler }: Environment, signal: AbortSignal) {
  return new Promise<void>((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = scheduler.after(milliseconds, end);
    signal.addEventListener('abort', end);
  });
}
