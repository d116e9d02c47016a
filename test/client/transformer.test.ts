import { transformer } from '@parley/client/trpc';
import fc from 'fast-check';
import superjson, { type SuperJSONResult } from 'superjson';
import { describe, expect, it } from 'vitest';

/** Keys with what paths are made of in them, and none that superjson refuses. */
const key = fc.oneof(
  fc.constantFrom('', '.', '\\', 'a.b', '\\.', '0', 'data', 'id', 'toString', 'length'),
  fc.string().filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text)),
);

const plain = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const date = fc.date({ noInvalidDate: true });
const rich = fc.oneof(
  fc.constant(undefined),
  fc.bigInt(),
  fc.constantFrom(Infinity, -Infinity, NaN, -0),
  fc.constant(/a.*b/gi),
  fc.constant(new URL('https://example.org/')),
);

/** Trees of such leaves; no object is in two places. */
const treesOf = (leaf: fc.Arbitrary<unknown>, container = false) =>
  fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ...(container
        ? [
            fc.array(tie('tree'), { maxLength: 3 }).map((parts) => new Set(parts)),
            fc.array(fc.tuple(key, tie('tree')), { maxLength: 3 }).map((parts) => new Map(parts)),
          ]
        : []),
    ),
  })).tree;

const values = fc.oneof(
  treesOf(plain),
  treesOf(fc.oneof(plain, date)),
  treesOf(fc.oneof(plain, date, rich), true),
);

/** What arrives. Not by way of JSON: Node 24.21's JSON.parse takes some keys with backslashes for others it saw before. */
const overTheWire = (payload: SuperJSONResult): SuperJSONResult => structuredClone(payload);

const runs = { numRuns: 3_000 };

describe('the transformer', () => {
  it('writes what superjson writes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const { json, meta } = overTheWire(superjson.serialize(value));
        // Dates that are one object are references to superjson, and trees have no other.
        delete meta?.referentialEqualities;
        const expected = meta?.values ? { json, meta } : { json };
        expect(overTheWire(transformer.serialize(value))).toEqual(expected);
      }),
      runs,
    );
  });

  it('reads what superjson reads', () => {
    fc.assert(
      fc.property(values, (value) => {
        const payload = superjson.serialize(value);
        const expected = superjson.deserialize(overTheWire(payload));
        expect(transformer.deserialize(overTheWire(payload))).toEqual(expected);
      }),
      runs,
    );
  });

  it('reads what it has written', () => {
    fc.assert(
      fc.property(treesOf(fc.oneof(fc.string(), fc.integer(), date, fc.bigInt())), (value) => {
        const read = transformer.deserialize(overTheWire(transformer.serialize(value)));
        expect(read).toEqual(value);
      }),
      runs,
    );
  });

  it('writes what is in several places in each of them, and gives no references', () => {
    const sender = { id: 'u_ann', name: 'Ann' };
    const when = new Date(0);
    const value = { when, history: [{ sender, when }, { sender }] };
    const payload = overTheWire(transformer.serialize(value));
    expect(payload.meta).not.toHaveProperty('referentialEqualities');
    expect(superjson.deserialize(payload)).toEqual(value);
  });

  it('refuses what contains itself', () => {
    const value: Record<string, unknown> = { name: 'Ouroboros', born: new Date(0) };
    value['tail'] = [{ value }];
    expect(() => transformer.serialize(value)).toThrow('contains itself');
  });

  it('writes what is nested deeply', () => {
    let value: unknown = 'the end';
    for (let depth = 0; depth < 100; depth += 1) value = [value];
    expect(transformer.serialize(value)).toEqual({ json: value });
  });

  it.each(['__proto__', 'constructor', 'prototype'])('neither writes nor follows %s', (name) => {
    const value: unknown = JSON.parse(`{ "${name}": { "polluted": "2020-01-01" } }`);
    expect(() => transformer.serialize(value)).toThrow(name);
    for (const path of [`${name}.polluted`, `a.${name}`, name]) {
      const payload: SuperJSONResult = JSON.parse(
        JSON.stringify({
          json: JSON.parse(`{ "a": {}, "${name}": { "polluted": "2020-01-01" } }`),
          meta: { values: { [path]: ['Date'] }, v: 1 },
        }),
      );
      expect(() => transformer.deserialize(payload)).toThrow('nothing to revive');
    }
    expect({}).not.toHaveProperty('polluted');
  });

  it('refuses a date at a place that is not there', () => {
    for (const path of ['b', 'a.b', 'a.0.c', 'list.5', 'list.length.x', 'toString']) {
      const json = { a: 'text', list: ['2020-01-01'] };
      const meta: SuperJSONResult['meta'] = { values: { [path]: ['Date'] }, v: 1 };
      expect(() => transformer.deserialize({ json, meta })).toThrow('nothing to revive');
    }
  });
});
