import { deepStrictEqual } from 'node:assert/strict';

import { hasSafeKeys } from '@parley/contract';
import { events } from '@parley/contract/events';
import * as fc from 'fast-check';
import superjson, { SuperJSON } from 'superjson';
import { describe, expect, test } from 'vitest';

import { decodeInput } from '../../src/encoding/decoder.ts';
import { fromSchema } from './from-schema.ts';
import { safeKey } from './keys.ts';

const now = new Date('2026-01-01T10:00:00Z');

describe('what superjson wrote is read as superjson reads it', () => {
  const inputs = events.flatMap(({ name, send }) => (send ? [{ name, schema: send.data }] : []));

  test.each(inputs)('$name', ({ schema }) => {
    const property = fc.property(fromSchema(schema), (data) => expectRead({ data, key: 'k_1' }));
    fc.assert(property, { numRuns: 300 });
  });

  test('Dates, bigints, undefined and numbers without JSON', () => {
    const odd = fc.constantFrom(undefined, NaN, Infinity, -Infinity, -0);
    const values = [fc.date(), fc.bigInt(), odd, fc.string(), fc.double()];
    const anything = fc
      .anything({ key: safeKey, values, maxDepth: 3, maxKeys: 5 })
      .filter((value) => hasSafeKeys(value));
    fc.assert(fc.property(anything, expectRead), { numRuns: 2_000 });
  });

  test('the whole of an input', () => {
    for (const whole of [now, 12n, NaN, -0, null, 'text', [], {}, [now]]) expectRead(whole);
  });

  test('annotations without a version, whose keys have no backslashes', () => {
    const json = { at: now.toISOString() };

    expect(decodeInput({ json, meta: { values: { at: ['Date'] } } })).toEqual({ at: now });
  });
});

const unsafeKeys = ['__proto__', 'constructor', 'prototype'];

const at = now.toISOString();
const longKey = 'k'.repeat(4_097);

describe('nothing is read from', () => {
  test.each<{ what: string; raw: unknown }>([
    { what: 'nothing', raw: undefined },
    { what: 'null', raw: null },
    { what: 'a text', raw: 'text' },
    { what: 'a list', raw: [] },
    { what: 'what is not superjson', raw: { data: 1 } },
    { what: 'a chain of references', raw: referenceChain() },
    {
      what: 'a reference of the whole to a part',
      raw: withMeta({ referentialEqualities: [['a']] }),
    },
    {
      what: 'a reference to a missing place',
      raw: withMeta({ referentialEqualities: { a: ['missing'] } }),
    },
    {
      what: 'a reference from a missing place',
      raw: withMeta({ referentialEqualities: { missing: ['a'] } }),
    },
    { what: 'references that are a text', raw: withMeta({ referentialEqualities: { a: 'list' } }) },
    {
      what: 'a reference that is a number',
      raw: withMeta({ referentialEqualities: { list: [0] } }),
    },
    { what: 'an unknown part of meta', raw: withMeta({ values: {}, more: 1 }) },
    { what: 'a meta that is a text', raw: { json: {}, meta: 'text' } },
    { what: 'a meta that is a list', raw: { json: {}, meta: [] } },
    { what: 'another version', raw: withMeta({ values: { a: ['Date'] }, v: 2 }) },
    { what: 'annotations that are a text', raw: annotated('text') },
    { what: 'an annotation that is a text', raw: annotated({ a: 'text' }) },
    { what: 'an annotation whose child is a text', raw: annotated({ a: ['Date', 'text'] }) },
    { what: 'an annotation with children', raw: annotated({ a: ['Date', { b: ['Date'] }] }) },
    { what: 'a whole whose child is a text', raw: annotated(['Date', 'text']) },
    { what: 'an annotation without a tag', raw: annotated({ a: [] }) },
    { what: 'a tree of annotations', raw: annotated({ list: { 0: ['Date'] } }) },
    {
      what: 'a regexp',
      raw: { json: { a: '/(a+)+$/' }, meta: { values: { a: ['regexp'] }, v: 1 } },
    },
    { what: 'a tag that every object knows', raw: annotated({ a: ['toString'] }) },
    { what: 'a class', raw: annotated({ a: [['class', 'Session']] }) },
    { what: 'a custom type', raw: annotated({ a: [['custom', 'Session']] }) },
    { what: 'a symbol', raw: annotated({ a: [['symbol', 'iterator']] }) },
    { what: 'bytes', raw: annotated({ list: [['typed-array', 'Uint8Array']] }) },
    { what: 'a missing place', raw: annotated({ missing: ['Date'] }) },
    { what: 'a place within a missing one', raw: annotated({ 'missing.a': ['Date'] }) },
    { what: 'a place within a text', raw: annotated({ 'a.0': ['Date'] }) },
    { what: 'a place within a Date', raw: annotated({ a: ['Date'], 'a.b': ['Date'] }) },
    { what: 'a place beyond a list', raw: annotated({ 'list.1': ['Date'] }) },
    { what: 'a place spelled otherwise', raw: annotated({ 'list.00': ['Date'] }) },
    { what: 'the length of a list', raw: annotated({ 'list.length': ['undefined'] }) },
    { what: 'a method of a list', raw: annotated({ 'list.push': ['undefined'] }) },
    {
      what: 'a prototype of a prototype',
      raw: annotated({ '__proto__.__proto__': ['undefined'] }),
    },
    { what: 'a path with half an escape', raw: annotated({ 'a\\': ['Date'] }) },
    { what: 'a path with an unknown escape', raw: annotated({ '\\a': ['Date'] }) },
    {
      what: 'a path with an escape in a version without',
      raw: { json: { 'a.b': at }, meta: { values: { 'a\\.b': ['Date'] } } },
    },
    {
      what: 'a very long path',
      raw: { json: { [longKey]: at }, meta: { values: { [longKey]: ['Date'] }, v: 1 } },
    },
    { what: 'a Date out of a number', raw: { json: 0, meta: { values: ['Date'], v: 1 } } },
    { what: 'a Date out of a list', raw: annotated({ list: ['Date'] }) },
    {
      what: 'a Date out of a long text',
      raw: { json: '1'.repeat(65), meta: { values: ['Date'], v: 1 } },
    },
    { what: 'a bigint out of a word', raw: annotated({ a: ['bigint'] }) },
    { what: 'a bigint out of nothing', raw: { json: '', meta: { values: ['bigint'], v: 1 } } },
    {
      what: 'a bigint of many digits',
      raw: { json: '1'.repeat(1_001), meta: { values: ['bigint'], v: 1 } },
    },
    {
      what: 'a usual number out of a text',
      raw: { json: '12', meta: { values: ['number'], v: 1 } },
    },
    { what: 'undefined in place of something', raw: annotated({ a: ['undefined'] }) },
    ...['set', 'map', 'Error', 'URL'].map((tag) => ({
      what: `the tag ${tag}`,
      raw: annotated({ list: [tag] }),
    })),
    ...unsafeKeys.flatMap((key) => [
      { what: `a key ${key}`, raw: JSON.parse(`{"json":{"a":[{"${key}":{"polluted":1}}]}}`) },
      { what: `a place ${key}`, raw: annotated({ [key]: ['undefined'] }) },
      { what: `a place within ${key}`, raw: annotated({ [`${key}.polluted`]: ['undefined'] }) },
    ]),
  ])('$what', ({ raw }) => {
    expect(decodeInput(raw)).toBeUndefined();
  });
});

test.each([
  { what: 'levels', value: nest, most: 32 },
  { what: 'values', value: (count: number) => Array.from({ length: count - 1 }), most: 5_000 },
])('at most $most $what are read', ({ value, most }) => {
  const json = JSON.parse(JSON.stringify(value(most)));

  expect(decodeInput({ json })).toEqual(json);
  expect(decodeInput({ json: JSON.parse(JSON.stringify(value(most + 1))) })).toBeUndefined();
});

test('at most 1000 annotations are read', () => {
  const dates = (count: number) => Array.from({ length: count }, (_, index) => new Date(index));

  expect(decodeInput(write(dates(1_000)))).toEqual(dates(1_000));
  expect(decodeInput(write(dates(1_001)))).toBeUndefined();
});

describe('what a client uses twice', () => {
  const user = { name: 'Ann' };

  test('is read as equal copies', () => {
    const value = {
      at: now,
      entries: [
        { user, at: now },
        { user, at: now },
      ],
      invalid: [NaN, NaN],
    };

    const decoded = decodeInput(write(value));

    deepStrictEqual(decoded, value);
  });

  test('is read at most 1000 times more', () => {
    const users = (count: number) => Array.from({ length: count }, () => user);

    expect(decodeInput(write(users(1_001)))).toEqual(users(1_001));
    expect(decodeInput(write(users(1_002)))).toBeUndefined();
  });

  test('is not read when it was written once', () => {
    const { json, meta } = new SuperJSON({ dedupe: true }).serialize([user, user]);

    expect(json).toEqual([user, null]);
    expect(decodeInput({ json, meta })).toBeUndefined();
  });

  test('is not read within itself', () => {
    const parent: Record<string, unknown> = {};
    parent['child'] = { parent };

    expect(decodeInput(write(parent))).toBeUndefined();
    expect(decodeInput(write([parent]))).toBeUndefined();
  });
});

test('the bounds are given', () => {
  const bounds = { jsonDepth: 2, jsonNodes: 3, annotations: 1 };

  expect(decodeInput(write({ a: [now] }), bounds)).toEqual({ a: [now] });
  expect(decodeInput(write({ a: [[]] }), bounds)).toBeUndefined();
  expect(decodeInput(write([1, 2, 3]), bounds)).toBeUndefined();
  expect(decodeInput(write([new Date(0), new Date(1)]), bounds)).toBeUndefined();
});

test('very deep input is refused', () => {
  const deep = JSON.parse('['.repeat(30_000) + ']'.repeat(30_000));

  expect(decodeInput({ json: deep })).toBeUndefined();
});

test('whatever is sent, reading it throws nothing and changes no prototype', () => {
  const path = fc.oneof(
    fc.string(),
    fc.constantFrom('a', 'list.0', 'a.0', 'list', '__proto__.x', 'constructor.prototype.x', '\\'),
  );
  const tag = fc.constantFrom(
    'Date',
    'bigint',
    'undefined',
    'number',
    'regexp',
    'set',
    'map',
    'Error',
  );
  const annotation = fc.oneof(fc.tuple(tag), fc.tuple(tag, fc.jsonValue()), fc.jsonValue());
  const meta = fc.record(
    {
      values: fc.oneof(fc.dictionary(path, annotation), annotation),
      referentialEqualities: fc.dictionary(path, fc.array(path)),
      v: fc.constantFrom(0, 1, 2),
    },
    { requiredKeys: [] },
  );
  const json = fc.oneof(fc.jsonValue(), fc.constant({ a: at, list: [at] }));
  const before = Reflect.ownKeys(Object.prototype);

  const property = fc.property(json, meta, (value, about) => {
    decodeInput(JSON.parse(JSON.stringify({ json: value, meta: about })));
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  });
  fc.assert(property, { numRuns: 3_000 });
});

/** Expects the same value as from superjson. */
function expectRead(value: unknown): void {
  deepStrictEqual(decodeInput(write(value)), superjson.deserialize(write(value)));
}

/** A value as it arrives. */
function write(value: unknown) {
  return JSON.parse(superjson.stringify(value));
}

function withMeta(meta: object) {
  return { json: { a: at, list: [at] }, meta };
}

function annotated(values: unknown) {
  return withMeta({ values, v: 1 });
}

/** Doubles what it holds at each step, out of about 2 kB. */
function referenceChain() {
  const steps = Array.from({ length: 60 }, (_, step) => step);
  return {
    json: Object.fromEntries(steps.map((step) => [`k${step}`, { a: null, b: null }])),
    meta: {
      referentialEqualities: Object.fromEntries(
        steps.slice(1).map((step) => [`k${step - 1}`, [`k${step}.a`, `k${step}.b`]]),
      ),
      v: 1,
    },
  };
}

function nest(levels: number): unknown {
  let value: unknown = {};
  for (let level = 1; level < levels; level += 1) value = level % 2 ? [value] : { value };
  return value;
}

/** Microseconds of the thread's time that it takes on average. */
function costOf(read: () => unknown): number {
  const times = 20;
  const before = process.threadCpuUsage();
  for (let time = 0; time < times; time += 1) read();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / times;
}

test('an annotation whose child is a text is refused in a tenth of the time that superjson takes for it', () => {
  const text = JSON.stringify({
    json: { a: '2026-01-01' },
    meta: { values: { a: ['Date', 'x'] }, v: 1 },
  });
  const superjsonReads = () => expect(() => superjson.parse(text)).toThrow('call stack');
  const weRead = () => expect(decodeInput(JSON.parse(text))).toBeUndefined();
  expect(10 * costOf(weRead)).toBeLessThan(costOf(superjsonReads));
});
