import type { Random } from './environment.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new idempotency key of 100 random bits. */
export function createKey(random: Random): string {
  let key = '';
  for (const byte of random.bytes(20)) key += alphabet[byte & 31];
  return key;
}

/** Makes a new key with each call. To draw random bits for each would cost more than all else in a send. */
export function createKeys(random: Random): () => string {
  const prefix = createKey(random);
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count}`;
  };
}
