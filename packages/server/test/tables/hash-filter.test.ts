import fc from 'fast-check';
import { expect, test } from 'vitest';

import { HashFilter } from '../../src/tables/hash-filter.ts';

/** An even spread of 52 bits, the same each time: Marsaglia's xorshift32. */
function* spread(): Generator<number> {
  let state = 2463534242;
  const half = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 6;
  };
  for (;;) yield half() * 2 ** 26 + half();
}

test('what was added may be there', () => {
  const anyHash = fc
    .integer({ min: 0, max: 2 ** 30 })
    .chain((high) => fc.integer({ min: 0, max: 2 ** 22 - 1 }).map((low) => high * 2 ** 22 + low));
  fc.assert(
    fc.property(fc.array(anyHash), (added) => {
      const filter = new HashFilter();
      for (const hash of added) filter.add(hash);
      expect(added.every((hash) => filter.mayHave(hash))).toBe(true);
    }),
  );
});

test('of a million hashes it takes one in fifty for another', () => {
  const filter = new HashFilter();
  const hashes = spread();
  const next = () => Number(hashes.next().value);
  for (let count = 0; count < 1_000_000; count += 1) filter.add(next());
  let wrong = 0;
  for (let count = 0; count < 100_000; count += 1) if (filter.mayHave(next())) wrong += 1;
  expect(wrong).toBeGreaterThan(0);
  expect(wrong).toBeLessThan(3000);
});
