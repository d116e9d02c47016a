import type { Random } from './environment.ts';

const firstSpread = 2_000;
const longestSpread = 30_000;

/**
 * How long to wait before the next try, in milliseconds, after so many failed ones. Any time within a spread that
 * doubles is as likely, so that clients cut off together do not come back together.
 */
export function backoff(failures: number, random: Random): number {
  const spread = Math.min(firstSpread * 2 ** failures, longestSpread);
  return Math.floor(spread * fraction(random));
}

/** A number from 0 up to 1. */
function fraction(random: Random): number {
  const { buffer, byteOffset } = random.bytes(4);
  return new DataView(buffer, byteOffset).getUint32(0) / 2 ** 32;
}
