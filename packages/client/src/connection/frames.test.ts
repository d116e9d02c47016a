import { describe, expect, it } from 'vitest';

import { byteLength, frames as framesOf, usualFrameBytes } from './frames.ts';

const encoder = new TextEncoder();
const frames = (messages: string[]) => framesOf(messages, usualFrameBytes);

/** The bytes of each frame, and how many calls are in it. */
const measured = (messages: string[]) =>
  [...frames(messages)].map((frame) => ({
    bytes: encoder.encode(frame).length,
    calls: [JSON.parse(frame)].flat().length,
  }));

describe('frames', () => {
  it('are none for nothing, a bare message for one, an array for more', () => {
    expect([...frames([])]).toEqual([]);
    expect([...frames(['{"id":1}'])]).toEqual(['{"id":1}']);
    expect([...frames(['{"id":1}', '{"id":2}'])]).toEqual(['[{"id":1},{"id":2}]']);
  });

  it('hold as many calls as the server takes, in their order', () => {
    const messages = Array.from({ length: 100 }, (_, id) => JSON.stringify({ id }));
    expect(measured(messages).map(({ calls }) => calls)).toEqual([16, 16, 16, 16, 16, 16, 4]);
    const ids = [...frames(messages)].flatMap((frame) => JSON.parse(frame));
    expect(ids).toEqual(Array.from({ length: 100 }, (_, id) => ({ id })));
  });

  it.each(['a', 'ä', '€', '🙂'])(
    'of many %s stay within the bytes that the server takes',
    (letter) => {
      for (const length of [1, 500, 1_363, 1_364, 1_400, 4_000, 9_000, 16_370]) {
        const message = JSON.stringify(letter.repeat(length));
        const packed = measured(Array.from({ length: 40 }, () => message));
        expect(Math.max(...packed.map(({ bytes }) => bytes))).toBeLessThanOrEqual(usualFrameBytes);
        expect(packed.reduce((sum, { calls }) => sum + calls, 0)).toBe(40);
      }
    },
  );

  it('take a message of just the size that the server takes', () => {
    const message = JSON.stringify('a'.repeat(usualFrameBytes - 2));
    expect(measured([message, message])).toEqual([
      { bytes: usualFrameBytes, calls: 1 },
      { bytes: usualFrameBytes, calls: 1 },
    ]);
  });
});

describe('byteLength', () => {
  it('is never less than the bytes, and exact for what is long', () => {
    for (const letter of ['a', 'ä', '€', '🙂']) {
      for (const length of [0, 1, 100, 1_365, 5_000]) {
        const text = letter.repeat(length);
        const { length: bytes } = encoder.encode(text);
        expect(byteLength(text, usualFrameBytes)).toBeGreaterThanOrEqual(bytes);
        if (text.length > 1_365) expect(byteLength(text, usualFrameBytes)).toBe(bytes);
      }
    }
  });
});
