import type { Random } from './environment.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new idempotency key of 100 random bits. */
export function createKey(random: Random): string {
  let key = '';
  for (const byte of random.bytes(20)) key += alphabet[byte & 31];
  return key;
}
