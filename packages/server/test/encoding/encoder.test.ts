import { deepStrictEqual } from 'node:assert/strict';

import { events } from '@parley/contract/events';
import * as fc from 'fast-check';
import superjson from 'superjson';
import { describe, expect, test } from 'vitest';

import { decodeEncoded, superjsonText } from '../../src/encoding/encoded.ts';
import { encode } from '../../src/encoding/encoder.ts';
import { fromSchema } from './from-schema.ts';
import { anyKey } from './keys.ts';
import { makeWeird, plant, weird, weirdNames } from './weird.ts';

const outgoing = events.flatMap(({ name, send, listen }) => [
  ...(send ? [{ title: `the reply to ${name}`, schema: send.reply }] : []),
  ...(listen ? [{ title: `the data of ${name}`, schema: listen.data }] : []),
]);

describe.each(outgoing)('$title', ({ schema }) => {
  const values = fromSchema(schema);

  test('is written as superjson writes it', () => {
    fc.assert(fc.property(values, expectAgreement), { numRuns: 500 });
  });

  test('is written as superjson writes it whatever is in it', () => {
    const property = fc.property(values, fc.nat(), weird, (value, choice, planted) =>
      expectAgreement(plant(value, choice, planted)),
    );
    fc.assert(property, { numRuns: 500 });
  });
});

const anything = {
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
};

const size = { key: anyKey, maxDepth: 3, maxKeys: 4 };

test.each([
  {
    what: 'JSON',
    values: fc.object({ ...size, values: [fc.string(), fc.double(), fc.boolean()] }),
  },
  { what: 'JSON with Dates', values: fc.object({ ...size, values: [fc.date(), fc.string()] }) },
  { what: 'anything', values: fc.anything({ ...anything, ...size }) },
])('$what is written as superjson writes it', ({ values }) => {
  fc.assert(fc.property(values, expectAgreement), { numRuns: 1_500 });
});

test.each(weirdNames)('%s is written as superjson writes it', (name) => {
  expectAgreement(makeWeird(name));
  expectAgreement([makeWeird(name)]);
  expectAgreement({ before: new Date(0), here: makeWeird(name), after: [new Date(1)] });
});

test('a Date alone is annotated as a whole', () => {
  expect(encode(new Date(0))).toEqual({
    json: '"1970-01-01T00:00:00.000Z"',
    annotations: '["Date"]',
  });
});

test('Dates are annotated by their places', () => {
  expect(encode({ at: new Date(0), chats: [{ 'a.b': new Date(1) }] }).annotations).toBe(
    String.raw`"at":["Date"],"chats.0.a\\.b":["Date"]`,
  );
});

test('a function alone is nothing', () => {
  expect(decodeEncoded(encode(() => 1))).toBeUndefined();
});

test.each(['__proto__', 'constructor', 'prototype'])('a key %s is refused', (name) => {
  const value: unknown = JSON.parse(`{"a":[{"${name}":1}]}`);

  expect(() => encode(value)).toThrow('prototype pollution');
});

test('what is shared inside a value is read as equal copies', () => {
  const at = new Date(0);
  const user = { id: 'u_ann', at };
  const value = { user, users: [user, user], at, nothing: undefined };

  const decoded = decodeEncoded(encode(value));

  deepStrictEqual(decoded, value);
});

const loop: Record<string, unknown> = { at: new Date(0) };
loop['chats'] = [{ 'a.b': { loop } }];

test.each([
  { what: 'itself', value: loop },
  { what: 'something that holds itself', value: { first: { loop }, next: loop } },
  { what: 'itself under an empty key', value: holdUnderEmptyKeys() },
  { what: 'itself in a Map', value: holdInMap() },
])('a value that holds $what is refused', ({ value }) => {
  expect(() => encode(value)).toThrow('A value that holds itself cannot be encoded.');
});

test('what is shared by a value and its neighbour with a dotted name is not itself', () => {
  const shared = { deep: undefined };

  expect(decodeEncoded(encode({ a: shared, 'a.b': shared }))).toEqual({
    a: shared,
    'a.b': shared,
  });
});

function holdUnderEmptyKeys() {
  const inner: Record<string, unknown> = {};
  inner[''] = { inner };
  return { '': inner };
}

function holdInMap() {
  const map = new Map<string, unknown>();
  map.set('self', map);
  return { map };
}

/** Expects the same JSON and annotations as superjson's and the same value when read, or a refusal where superjson refuses. */
function expectAgreement(value: unknown): void {
  let written;
  try {
    written = superjson.stringify(value);
  } catch (error) {
    expect(() => encode(value)).toThrow(String(Object(error).message));
    return;
  }
  const encoded = encode(value);
  const { json = null, meta } = JSON.parse(written);
  if (written !== '{}') {
    deepStrictEqual(
      JSON.parse(superjsonText(encoded)),
      meta?.values ? { json, meta: { values: meta.values, v: 1 } } : { json },
    );
  }
  deepStrictEqual(decodeEncoded(encoded), superjson.parse(written));
}
