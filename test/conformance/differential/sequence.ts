import fc from 'fast-check';

import { calls } from './calls.ts';
import { type Entry, entry } from './entry.ts';
import { frameOf } from './frame.ts';
import { listening, subscriptions } from './subscriptions.ts';
import { type Volley, volley } from './volley.ts';

/** One life of two connections: how each enters, and what they send. */
export interface Sequence {
  query: string;
  /** How Ann's connection begins. */
  entry: Entry;
  /** Who is at the other end of the chat. */
  other: 'customer' | 'agent' | 'supervisor' | 'service';
  volleys: Volley[];
}

/** Gives each call an id that no other of the sequence has; ids of subscriptions stay. */
function numbered({ volleys, ...rest }: Sequence): Sequence {
  let count = 100;
  const name = (message: unknown): unknown => {
    if (typeof message !== 'object' || message === null) return message;
    if (Array.isArray(message)) return message.map(name);
    if (!('method' in message || 'params' in message) || 'id' in message) return message;
    count += 1;
    return { id: count % 3 === 0 ? `call ${count}` : count, ...message };
  };
  const renamed = volleys.map((each) => ({
    ...each,
    frames: each.frames.map((frame) => {
      if (!('text' in frame) || each.subscribes) return frame;
      try {
        return frameOf(name(JSON.parse(frame.text)));
      } catch {
        return frame;
      }
    }),
  }));
  return { ...rest, volleys: renamed };
}

/** Any sequence. Nothing in it depends on which of two things that happen at once comes first. */
export const anySequence: fc.Arbitrary<Sequence> = fc
  .record({
    query: fc.oneof(
      { arbitrary: fc.constant('?connectionParams=1'), weight: 20 },
      fc.constantFrom('', '?connectionParams=0'),
    ),
    entry,
    other: fc.constantFrom('customer', 'agent', 'supervisor', 'service'),
    listens: fc.boolean(),
    volleys: fc.array(
      fc.oneof(
        { arbitrary: volley(false, calls), weight: 3 },
        { arbitrary: volley(true, subscriptions), weight: 2 },
      ),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ listens, volleys, ...rest }) => {
    const first: Volley = { from: 'ann', subscribes: true, frames: [frameOf(listening)] };
    return numbered({ ...rest, volleys: listens ? [first, ...volleys] : volleys });
  });
