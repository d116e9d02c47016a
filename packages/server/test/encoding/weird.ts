import * as fc from 'fast-check';

class Point {
  readonly x = 1;
}

class Price {
  toJSON() {
    return 'from toJSON';
  }
}

class LocalDate extends Date {
  override toJSON() {
    return this.toLocaleDateString();
  }
}

class LoudDate extends Date {
  override toISOString() {
    return `${super.toISOString()}!`;
  }
}

/** What JSON has no text for, or another one than superjson. */
const makers: Record<string, () => unknown> = {
  undefined: () => undefined,
  NaN: () => NaN,
  Infinity: () => Infinity,
  '-Infinity': () => -Infinity,
  '-0': () => -0,
  bigint: () => 12n,
  'an invalid Date': () => new Date(NaN),
  'a Date of another class': () => new LocalDate(0),
  'a Date with another text': () => new LoudDate(0),
  'a Date with a toJSON of its own': () => Object.assign(new Date(0), { toJSON: () => 'own' }),
  'a Map': () =>
    new Map<unknown, unknown>([
      ['a', new Date(0)],
      [{ b: undefined }, new Map()],
    ]),
  'a Set': () => new Set([1, new Date(0)]),
  'a RegExp': () => /a.b/g,
  'a URL': () => new URL('https://example.com/a'),
  'an Error': () => new Error('wrong', { cause: new Date(0) }),
  bytes: () => new Uint8Array([1, 2]),
  'an instance of a class': () => new Point(),
  'an instance with toJSON': () => new Price(),
  'an object with toJSON': () => ({ a: 1, toJSON: () => 'own' }),
  'an array with toJSON': () => Object.assign([1], { toJSON: () => 'own' }),
  'a hidden toJSON': () => Object.defineProperty({ a: 1 }, 'toJSON', { value: () => 'hidden' }),
  'a getter': () => ({
    get at() {
      return new Date(0);
    },
  }),
  'an object without a prototype': () => Object.assign(Object.create(null), { at: new Date(0) }),
  'an array with holes': () => Object.assign([1], { 3: new Date(0), length: 6 }),
  'a function': () => () => 1,
  'a symbol': () => Symbol('s'),
  'a boxed number': () => Object(1),
  'undefined in an object': () => ({ a: undefined, b: [undefined] }),
  'many levels': () => {
    let value: unknown = new Date(0);
    for (let level = 0; level < 100; level += 1) value = level % 2 ? [value] : { value };
    return value;
  },
};

export const weirdNames = Object.keys(makers);

export function makeWeird(name: string): unknown {
  return makers[name]?.();
}

export const weird = fc.constantFrom(...weirdNames).map(makeWeird);

/** Puts something into one of the places of a value, or instead of it. Gives the value back. */
export function plant(value: unknown, choice: number, planted: unknown): unknown {
  const places = [...placesIn(value)];
  const put = places[choice % (places.length + 1)];
  if (!put) return planted;
  put(planted);
  return value;
}

type Put = (planted: unknown) => void;

function* placesIn(value: unknown): Generator<Put> {
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  for (const [key, child] of Object.entries(value)) {
    yield (planted) => Object.assign(value, { [key]: planted });
    yield* placesIn(child);
  }
}
