import type { CallContext } from '../calls.ts';
import { EventError } from '../event-error.ts';
import type { Parley } from '../parley.ts';

/** Never throws: a refused login has to reach the calls that wait for it, which clients learn of no other way. */
export async function logIn(parley: Parley, token: string): Promise<CallContext> {
  try {
    return { session: await parley.authenticate(token), load: { sends: 0, subscriptions: 0 } };
  } catch (cause) {
    return { refusal: cause instanceof EventError ? cause : new EventError('INTERNAL', { cause }) };
  }
}
