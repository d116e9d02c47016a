import type { Random } from './environment.ts';

/** A new idempotency key of 100 random bits. */
export function createKey(random: Random): string {
  return Array.from(random.bytes(20), (byte) => (byte & 31).toString(32)).join('');
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
