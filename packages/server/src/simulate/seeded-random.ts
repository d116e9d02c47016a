import type { Random } from '../environment.ts';

/** Chance that repeats itself: the same seed gives the same numbers. */
export interface SeededRandom extends Random {
  /** Anything from 0 up to, but not including, 1. */
  fraction(): number;
  /** A time that people take, log-normal as the durations of calls are (Brown et al. 2005), in the unit of the mean. */
  duration(mean: number): number;
}

/** The standard deviation of a duration's logarithm; about one in twenty takes two and a half times the mean. */
const durationSpread = 0.75;

/** Chris Doty-Humphrey's sfc32, begun from a hash of the seed. */
export function createSeededRandom(seed: string): SeededRandom {
  let [a, b, c, counter] = [hash(seed, 1), hash(seed, 2), hash(seed, 3), 1];
  for (let round = 0; round < 12; round += 1) word();

  function word(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  const fraction = () => word() / 2 ** 32;

  return {
    fraction,
    bytes: (size) => Uint8Array.from({ length: size }, () => word() >>> 24),
    duration(mean) {
      const radius = Math.sqrt(-2 * Math.log(1 - fraction()));
      const normal = radius * Math.cos(2 * Math.PI * fraction());
      return mean * Math.exp(durationSpread * normal - durationSpread ** 2 / 2);
    },
  };
}

/** FNV-1a with a start of one's choice. */
function hash(text: string, start: number): number {
  let value = 2_166_136_261 ^ start;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 16_777_619);
  }
  return value;
}
