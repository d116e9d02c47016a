import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';

import { Chance } from './chance.ts';
import { checkRun } from './check-run.ts';
import { plants } from './plant.ts';
import { randomRun } from './random-run.ts';

const anySeed = fc.nat({ max: 2 ** 31 });
const runs = { numRuns: 100, seed: 1 };

test('a run without a fault is found clean', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const run = randomRun(seed);
      expect(run.steps.length).toBeGreaterThan(200);
      expect(run.listenings.some(({ heard }) => heard.length > 10)).toBe(true);
      expect(checkRun(run)).toEqual([]);
    }),
    runs,
  );
});

describe('the checker finds and names', () => {
  it.each(plants)('$what', ({ fault, plant }) => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const planted = plant(randomRun(seed), new Chance(seed));
        expect(checkRun(planted).map((finding) => finding.fault)).toContain(fault);
      }),
      runs,
    );
  });
});
