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

/** How long to wait with what the server has put off so often: at least as long as it says, and not as long as others do. */
export function retryDelay(
  retryAfterMs: number | undefined,
  failures: number,
  random: Random,
): number {
  if (retryAfterMs === undefined) return backoff(failures, random);
  return Math.ceil(retryAfterMs * (1 + fraction(random)));
}

/**
 * While a server is only started anew it is found at once: so many tries stay within this spread, in milliseconds. A server that
 * lets in no more than 200 a second has 2,000 back after 11 seconds so; with half as many tries the last ones take 17, for as
 * many in all.
 */
const soonTries = 20;
const soonSpread = 1_500;

/** How long to wait before the next try to connect, in milliseconds, after so many in a row that failed or were cut off. */
export function reconnectDelay(failures: number, random: Random): number {
  if (failures <= 1 || failures > soonTries) {
    return backoff(Math.max(failures - soonTries, 0), random);
  }
  return Math.floor(soonSpread * fraction(random));
}

/** A number from 0 up to 1. */
export function fraction(random: Random): number {
  return random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 32;
}
