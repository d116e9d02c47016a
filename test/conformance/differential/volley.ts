import fc from 'fast-check';

import { type Frame, frameOf } from './frame.ts';

/** What one of the two connections sends at once. */
export interface Volley {
  from: 'ann' | 'other';
  frames: Frame[];
  /** Whether subscriptions may begin or end in it. */
  subscribes: boolean;
}

/** Without effect on subscriptions and on the order of anything else. */
const noise: fc.Arbitrary<Frame> = fc.oneof(
  fc
    .constantFrom('PING', 'PONG', 'ping', '', '{', 'null', '[]', '[null]', '[[]]', '1', '"x"', '{}')
    .map((each) => ({ text: each })),
  fc.constantFrom('PING', '{}', '\u0000').map((each) => ({ binary: each })),
  fc.constantFrom<unknown>(null, true, {}, [1], undefined).map((id) =>
    frameOf({
      id,
      method: 'mutation',
      params: { path: 'send.users:chats', input: { json: { data: {} } } },
    }),
  ),
);

/** Puts messages into frames, alone or as batches. */
function framed(messages: readonly unknown[], sizes: readonly number[]): Frame[] {
  const frames: Frame[] = [];
  let next = 0;
  for (const size of sizes) {
    if (next >= messages.length) break;
    frames.push(size === 0 ? frameOf(messages[next]) : frameOf(messages.slice(next, next + size)));
    next += Math.max(size, 1);
  }
  frames.push(...messages.slice(next).map(frameOf));
  return frames;
}

const sizes = fc.array(fc.constantFrom(0, 0, 1, 2, 3), { maxLength: 6 });

/** Messages in frames, sent at once. */
export function volley(
  subscribes: boolean,
  messages: fc.Arbitrary<readonly unknown[]>,
): fc.Arbitrary<Volley> {
  return fc
    .tuple(
      fc.constantFrom('ann', 'ann', 'other'),
      messages,
      sizes,
      fc.array(noise, { maxLength: 1 }),
    )
    .map(([from, list, batches, extra]) => ({
      from,
      subscribes,
      frames: [...framed(list, batches), ...extra],
    }));
}
