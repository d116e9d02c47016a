import { signToken } from '@parley/server';

import { secret } from '../../harness.ts';
import type { Sequence } from './sequence.ts';

/** When all sequences are played: the clock stands still. */
export const today = new Date('2026-01-01T10:00:00Z');

/** Signs each token once: for all servers the clock is the same. */
export class Tokens {
  readonly #signed = new Map<string, Promise<string>>();

  of(sub: string, role: Sequence['other']): Promise<string> {
    const key = `${role} ${sub}`;
    const token =
      this.#signed.get(key) ?? signToken({ sub, role, secret, now: today.getTime(), ttl: 86_400 });
    this.#signed.set(key, token);
    return token;
  }
}
