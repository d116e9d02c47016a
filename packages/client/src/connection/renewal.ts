import { fraction } from '../backoff.ts';
import type { Environment } from '../environment.ts';
import { claimsOf } from '../token.ts';
import { ask } from './ask.ts';
import type { Call } from './call.ts';

/** Longer timers end at once. */
const longestTimer = 2 ** 31 - 1;

/** The shortest time between two tries, in milliseconds. */
const shortestWait = 1000;

/** How long the server waits for another token when one has ended, in milliseconds. */
const graceMilliseconds = 25_000;

export interface RenewalOptions {
  environment: Environment;
  /** Fetches a token. */
  token(): Promise<string>;
  call(call: Call): void;
  /** The server has taken the token. */
  onRenewed(token: string): void;
}

/** Puts off the end of a session: a fresh token goes to the server before the one before ends, on the same connection. */
export interface Renewal {
  /** Fetches the next token in time for this one; at another moment than others do. */
  follow(token: string): void;
  stop(): void;
}

export function createRenewal(options: RenewalOptions): Renewal {
  const { now, random, scheduler } = options.environment;
  let cancel = () => {};

  function stop() {
    cancel();
    cancel = () => {};
  }

  function follow(token: string) {
    stop();
    const left = Number(claimsOf(token).exp) * 1000 - now();
    // Without an end there is nothing to put off, and long after it nothing left.
    if (!(left > -graceMilliseconds)) return;
    const wait = Math.max(left * (0.75 + 0.15 * fraction(random)), shortestWait);
    cancel = scheduler.after(Math.min(wait, longestTimer), () => void renew(token));
  }

  async function renew(last: string) {
    const current = cancel;
    const again = () => {
      // Unless another connection has come, with a token of its own.
      if (cancel === current) follow(last);
    };
    const fresh = await options.token().catch(() => last);
    if (cancel !== current) return;
    if (fresh === last) return again();
    options.call({
      subscribes: false,
      isImpatient: true,
      ask: () => ask('mutation', 'send.session:refresh', { data: { token: fresh } }),
      next: () => options.onRenewed(fresh),
      end: again,
    });
  }

  return { follow, stop };
}
