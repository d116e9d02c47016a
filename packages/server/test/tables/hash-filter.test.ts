import fc from 'fast-check';
import { expect, test } from 'vitest';

import { bitsOf, HashFilter } from '../../src/tables/hash-filter.ts';

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
      for (const hash of added) filter.add(bitsOf(hash));
      const same = new HashFilter(Uint8Array.from(filter.bytes));
      for (const each of [filter, same])
        expect(added.every((hash) => each.mayHave(bitsOf(hash)))).toBe(true);
    }),
  );
});

test('of 131,072 hashes it takes one in four hundred for another', () => {
  const filter = new HashFilter();
  const hashes = spread();
  const next = () => Number(hashes.next().value);
  for (let count = 0; count < 2 ** 17; count += 1) filter.add(bitsOf(next()));
  let wrong = 0;
  for (let count = 0; count < 100_000; count += 1) if (filter.mayHave(bitsOf(next()))) wrong += 1;
  expect(wrong).toBeGreaterThan(0);
  expect(wrong).toBeLessThan(400);
});
