import fc from 'fast-check';
import { expect, test } from 'vitest';

import { hashes } from '../../src/tables/hash.ts';
import { YoungKeys } from '../../src/tables/young-keys.ts';

const parts = 4;

// Few enough that hashes are the same now and then, in every part.
const anyKey = fc.record({
  hash: fc.integer({ min: 0, max: 7 }).map((eighth) => (eighth / 8) * hashes + 1),
  place: fc.integer({ min: -3, max: 3 }),
});
const anyStep = fc.record({ adds: fc.boolean(), key: anyKey });

test('what was added and not removed is found by its hash, and is in its part in order', () => {
  fc.assert(
    fc.property(fc.array(anyStep), (steps) => {
      const young = new YoungKeys(parts);
      const known: { hash: number; place: number }[] = [];
      for (const { adds, key } of steps) {
        const index = known.findIndex((each) => each.hash === key.hash && each.place === key.place);
        if (adds) {
          young.add(key);
          known.push(key);
        } else {
          young.remove(key);
          if (index >= 0) known.splice(index, 1);
        }
      }
      for (const { hash } of steps.map(({ key }) => key)) {
        const places = known.filter((each) => each.hash === hash).map(({ place }) => place);
        expect(young.placesOf(hash)).toEqual(places);
      }
      const inParts = Array.from({ length: parts }, (_, part) => young.ofPart(part)).flat();
      expect(inParts).toEqual(known.toSorted((left, right) => left.hash - right.hash));
    }),
  );
});
