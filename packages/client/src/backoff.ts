import type { Random } from './environment.ts';

const firstSpread = 2_000;
const longestSpread = 30_000;

/** How many tries stay within the first spread: a server that is started anew is found within it. */
const soonTries = 6;

/**
 * How long to wait before the next try, in milliseconds, after so many failed ones. Any time within a spread that
 * doubles, once the server has been away for longer than a start takes, is as likely, so that clients cut off together
 * do not come back together.
 */
export function backoff(failures: number, random: Random): number {
  const doublings = Math.max(failures - soonTries + 1, 0);
  const spread = Math.min(firstSpread * 2 ** doublings, longestSpread);
  return Math.floor(spread * fraction(random));
}

/** A number from 0 up to 1. */
function fraction(random: Random): number {
  const { buffer, byteOffset } = random.bytes(4);
  return new DataView(buffer, byteOffset).getUint32(0) / 2 ** 32;
}
