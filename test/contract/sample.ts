import { names, words, type Ends, type Specification } from './specification.ts';

/** A number from 0 up to, not including, 1. */
export type Random = () => number;

/** Numbers that depend on nothing but the seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = Math.trunc(seed);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('There is nothing to pick from.');
  return value;
}

/** A value that a schema takes, rather at its edges than within; of an object only keys it says something about. */
export function sample(specification: Specification, random: Random): unknown {
  switch (specification.is) {
    case 'text': {
      const length = sampleCount(specification, random);
      return pick(
        random,
        [...words, 'q'.repeat(length)].filter((word) => word.length === length),
      );
    }
    case 'whole':
      return sampleNumber(specification, random);
    case 'number': {
      const whole = sampleNumber(specification, random);
      const { least = -Infinity, most = Infinity } = specification;
      return whole + 0.5 <= most && whole + 0.5 >= least && random() < 0.5 ? whole + 0.5 : whole;
    }
    case 'list':
      return Array.from({ length: sampleCount(specification, random) }, () =>
        sample(specification.of, random),
      );
    case 'record':
      return Object.fromEntries(
        names.filter(() => random() < 0.4).map((name) => [name, sample(specification.of, random)]),
      );
    case 'tuple': {
      const { first, others, rest } = specification;
      const more = rest ? Array.from({ length: pick(random, [0, 1, 2]) }, () => rest) : [];
      return [first, ...others, ...more].map((item) => sample(item, random));
    }
    case 'flag':
      return random() < 0.5;
    case 'date':
      return new Date(0);
    case 'nothing':
      return null;
    case 'anything':
      return sampleAnything(random);
    case 'values':
      return pick(random, specification.values);
    case 'either':
      return sample(pick(random, specification.options), random);
    case 'object': {
      const known = Object.entries(specification.fields).flatMap(([name, { of, presence }]) => {
        if (presence === 'required' || random() < 0.6) return [[name, sample(of, random)]];
        return presence === 'optional' && random() < 0.5 ? [[name, undefined]] : [];
      });
      const isOther = (name: string) => !(name in specification.fields) && random() < 0.5;
      const others = specification.keys === 'loose' ? names.filter(isOther) : [];
      const further = others.map((name) => [name, sampleAnything(random)]);
      return Object.fromEntries([...known, ...further]);
    }
  }
}

function sampleAnything(random: Random): unknown {
  return pick<() => unknown>(random, [
    () => 'x',
    () => 'a long text',
    () => -7.5,
    () => 3,
    () => true,
    () => null,
    () => new Date(0),
    () => [],
    () => ({}),
    () => ({ a: 'x' }),
    () => undefined,
  ])();
}

function sampleCount({ least = 0, most }: Ends, random: Random): number {
  return pick(random, [least, most ?? least + 5, least]);
}

function sampleNumber({ least, most }: Ends, random: Random): number {
  return pick(random, [least ?? -9, most ?? 9, least ?? (most ?? 0) - 1]);
}
