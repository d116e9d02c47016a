import { deepStrictEqual } from 'node:assert/strict';

import * as fc from 'fast-check';
import superjson from 'superjson';
import { expect, test } from 'vitest';

import { nested, shortText, superjsonText } from '../../src/encoding/encoded.ts';
import { encode } from '../../src/encoding/encoder.ts';
import { safeKey } from './keys.ts';
import { weird } from './weird.ts';

test('the text is the one that superjson writes', () => {
  const value = { name: 'Ann', at: new Date(0), seen: [new Date(1)], big: 12n, nothing: undefined };

  expect(superjsonText(encode(value))).toBe(superjson.stringify(value));
  expect(superjsonText(encode('Ann'))).toBe(superjson.stringify('Ann'));
  expect(superjsonText(encode(new Date(0)))).toBe(superjson.stringify(new Date(0)));
});

test('the short text names the places of dates', () => {
  const value = { at: new Date(0), users: [{ name: 'Ann', since: new Date(1) }] };

  expect(JSON.parse(`{${shortText(encode(value))}}`)).toEqual({
    data: JSON.parse(JSON.stringify(value)),
    dates: 'at users.0.since',
  });
  expect(shortText(encode({ name: 'Ann' }))).toBe('"data":{"name":"Ann"}');
  expect(shortText(encode(null))).toBe('"data":null');
});

test('there is no short text of what dates at plain places do not tell', () => {
  const date = new Date(0);
  const others = [
    date,
    undefined,
    { at: date, big: 1n },
    { big: 1n, at: date },
    { 'a.b': date },
    { 'a b': date },
    { größe: date },
    { list: new Set([date]) },
  ];

  expect(others.map((value) => shortText(encode(value)))).toEqual(others.map(() => undefined));
});

test('a value without annotations adds none to what holds it', () => {
  expect(nested(encode({ name: 'Ann' }), 'data')).toBe('');
});

test('annotations get a path in front', () => {
  const value = { at: new Date(0), users: [{ 'a.b': new Date(1) }] };

  expect(nested(encode(value), 'data')).toBe(
    String.raw`"data.at":["Date"],"data.users.0.a\\.b":["Date"]`,
  );
  expect(nested(encode(value), '1.data')).toContain('"1.data.at":["Date"]');
  expect(nested(encode(new Date(0)), 'at')).toBe('"at":["Date"]');
});

test('annotations with a path in front are those that superjson gives to the whole', () => {
  const values = fc.oneof(
    fc.object({ key: safeKey, maxDepth: 2, maxKeys: 4, values: [fc.date(), weird] }),
    fc.array(fc.oneof(weird, fc.date())),
    weird,
  );
  const property = fc.property(values, safeKey, safeKey, (value, outer, inner) => {
    // A function and a symbol are left out of an object.
    fc.pre(superjson.stringify(value) !== '{}');
    const whole = { [outer]: { [inner]: value } };
    const path = [outer, inner].map((each) => each.replaceAll(/[.\\]/g, String.raw`\$&`)).join('.');

    deepStrictEqual(
      JSON.parse(`{${nested(encode(value), path)}}`),
      JSON.parse(superjson.stringify(whole)).meta?.values ?? {},
    );
  });
  fc.assert(property, { numRuns: 2_000 });
});
