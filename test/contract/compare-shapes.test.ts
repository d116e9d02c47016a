import {
  compareShapes,
  ShapeReader,
  shapeRules,
  type ShapeRule,
  type ShapeRules,
} from '@parley/contract/codegen';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';

import { change, type Effect } from './change.ts';
import { createRandom, sample } from './sample.ts';
import { specifications, toSchema, type Specification } from './specification.ts';

vi.setConfig({ testTimeout: 120_000 });
// Each schema parses a few values only, which is not worth compiling it.
z.config({ jitless: true });

type Direction = 'input' | 'output';

interface Pair {
  old: Version;
  current: Version;
  seed: number;
}

interface Version {
  specification: Specification;
  schema: z.ZodType;
}

const valuesPerPair = 30;

/** A schema, the same after a few changes, and what each of them does. */
const changes = fc
  .record({ old: specifications, seed: fc.integer(), count: fc.integer({ min: 1, max: 2 }) })
  .map(({ old, seed, count }) => {
    const random = createRandom(seed);
    let current = old;
    const effects: Effect[] = [];
    while (effects.length < count) {
      const { effect, result } = change(current, random);
      effects.push(effect);
      current = result;
    }
    return { old, current, effects, seed };
  });

const pairs = changes.map(toPair);

interface Change {
  old: Specification;
  current: Specification;
  seed: number;
}

function toPair({ old, current, seed }: Change): Pair {
  return { old: versionOf(old), current: versionOf(current), seed };
}

function versionOf(specification: Specification): Version {
  return { specification, schema: toSchema(specification, 'exact') };
}

function findBreaks({ old, current }: Pair, direction: Direction, rules: ShapeRules): string[] {
  const [before, after] = [new ShapeReader(direction), new ShapeReader(direction)];
  const found = compareShapes(
    { shape: before.read(old.schema), models: before.models },
    { shape: after.read(current.schema), models: after.models },
    { direction, place: 'data', rules },
  );
  return found.filter(({ breaks }) => breaks).map(({ rule }) => rule);
}

/** A value that was right to send and is refused now, or that comes now and is not what was promised. */
function findCounterexample({ old, current, seed }: Pair, direction: Direction): unknown[] {
  const [source, target] = direction === 'input' ? [old, current] : [current, old];
  const taking = direction === 'input' ? target.schema : toSchema(target.specification, 'tolerant');
  const random = createRandom(seed);
  for (let count = 0; count < valuesPerPair; count++) {
    const value = sample(source.specification, random);
    if (!source.schema.safeParse(value).success) throw new Error('The sample is no such value.');
    if (!taking.safeParse(value).success) return [value];
  }
  return [];
}

/** Fails when a change is called compatible and a value shows that it is not. */
const isSound = (direction: Direction, rules: ShapeRules, onCompatible = () => {}) =>
  fc.property(pairs, (pair) => {
    if (findBreaks(pair, direction, rules).length > 0) return;
    onCompatible();
    expect(findCounterexample(pair, direction)).toEqual([]);
  });

test.each<Direction>(['input', 'output'])(
  'of 10,000 changes (%s), none is called compatible that a value contradicts',
  (direction) => {
    let compatible = 0;
    const counting = isSound(direction, shapeRules, () => (compatible += 1));
    fc.assert(counting, { numRuns: 10_000, seed: 1 });
    expect(compatible).toBeGreaterThan(2_000);
  },
);

test.each<[Direction, Effect]>([
  ['input', 'widens'],
  ['output', 'narrows'],
])('of 3,000 changes (%s) that each only %s, all are called compatible', (direction, effect) => {
  const harmless = changes.filter(({ effects }) => effects.every((each) => each === effect));
  const isNotStrict = fc.property(harmless.map(toPair), (pair) => {
    expect(findBreaks(pair, direction, shapeRules)).toEqual([]);
  });
  fc.assert(isNotStrict, { numRuns: 3_000, seed: 2 });
});

test.each<Direction>(['input', 'output'])(
  'of the changes called breaking (%s), nine in ten are contradicted by one of a few values',
  (direction) => {
    const count = { breaking: 0, shown: 0 };
    const counting = fc.property(pairs, (pair) => {
      if (findBreaks(pair, direction, shapeRules).length === 0) return;
      count.breaking += 1;
      if (findCounterexample(pair, direction).length > 0) count.shown += 1;
    });
    fc.assert(counting, { numRuns: 5_000, seed: 3 });
    expect(count.breaking).toBeGreaterThan(1_000);
    expect(count.shown / count.breaking).toBeGreaterThan(0.9);
  },
);

const rulesThatBreak = namesOf(shapeRules).flatMap((rule) =>
  (['input', 'output'] as const)
    .filter((direction) => shapeRules[rule][direction].breaks)
    .map((direction) => ({ rule, direction })),
);

/** What the schemas here have nothing of. */
const notTried: ShapeRule[] = [
  'format-added',
  'format-removed',
  'check-added',
  'check-removed',
  'conversion-changed',
];

test.each(rulesThatBreak.filter(({ rule }) => !notTried.includes(rule)))(
  'a $rule that is taken for compatible ($direction) is found',
  ({ rule, direction }) => {
    const wrong = { ...shapeRules[rule], [direction]: { breaks: false, because: 'it is wrong' } };
    const { failed } = fc.check(isSound(direction, { ...shapeRules, [rule]: wrong }), {
      numRuns: 10_000,
      seed: 4,
      endOnFailure: true,
    });
    expect(failed).toBe(true);
  },
);

function namesOf<Name extends string>(record: Record<Name, unknown>): Name[] {
  const found: Name[] = [];
  for (const name in record) found.push(name);
  return found;
}
