import type { Random } from '../environment.ts';

/** Chance that is the same in each run: bytes of mulberry32. */
export function createFakeRandom(seed: number): Random {
  let state = seed;
  return {
    bytes: (size) =>
      Uint8Array.from({ length: size }, () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return (mixed ^ (mixed >>> 14)) & 255;
      }),
  };
}
