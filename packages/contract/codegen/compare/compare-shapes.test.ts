import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import type { Direction } from '../print-types.ts';
import { ShapeReader } from '../shapes/read-shape.ts';
import { compareShapes } from './compare-shapes.ts';
import type { ShapeRule } from './shape-rules.ts';

type Schema = z.core.$ZodType;
type Expected = 'compatible' | 'breaking';

const text = z.string();
const Tag = <const Is extends string>(is: Is) => z.literal(is);
const Point = z.strictObject({ x: z.number() }).meta({ id: 'Point' });
const LongPoint = z.strictObject({ x: z.number(), y: z.number().optional() }).meta({ id: 'Point' });

interface Tree {
  children: Tree[];
  name?: string | undefined;
}
const tree = (name: z.ZodType<string | undefined>) => {
  const Node: z.ZodType<Tree> = z
    .lazy(() => z.strictObject({ name, children: z.array(Node) }))
    .meta({ id: 'Tree' });
  return Node;
};

const [ok, bad] = ['compatible', 'breaking'] as const;

/** A change, the schema before and after, and what it means for who sends and for who hears. */
const changes: [what: string, ShapeRule, Schema, Schema, sent: Expected, heard: Expected][] = [
  ['text becomes a number', 'type-changed', text, z.number(), bad, bad],
  ['a date becomes text', 'type-changed', z.date(), text, bad, bad],
  ['one value becomes a list', 'type-changed', text, z.array(text), bad, bad],
  ['a list becomes a tuple', 'type-changed', z.array(text), z.tuple([text]), bad, bad],
  ['text becomes anything', 'type-widened', text, z.unknown(), ok, bad],
  ['anything becomes text', 'type-narrowed', z.unknown(), text, bad, ok],
  ['known values become any text', 'type-widened', z.enum(['a', 'b']), text, ok, bad],
  ['any text becomes known values', 'type-narrowed', text, z.enum(['a', 'b']), bad, ok],
  ['known values become short text', 'type-changed', z.enum(['a', 'bb']), text.max(1), bad, bad],
  ['true becomes true or false', 'type-widened', z.literal(true), z.boolean(), ok, bad],
  ['other types are converted', 'type-widened', z.number(), z.coerce.number(), ok, ok],

  ['a required field is new', 'required-field-added', fields({}), fields({ a: text }), bad, ok],
  [
    'an optional field is new',
    'optional-field-added',
    fields({}),
    fields({ a: text.optional() }),
    ok,
    ok,
  ],
  ['a required field is gone', 'required-field-removed', fields({ a: text }), fields({}), bad, bad],
  [
    'an optional field is gone',
    'optional-field-removed',
    fields({ a: text.optional() }),
    fields({}),
    bad,
    ok,
  ],
  [
    'a field is gone, and unknown keys are passed over',
    'field-ignored',
    z.object({ a: text }),
    z.object({}),
    ok,
    bad,
  ],
  [
    'a field is gone, and any key is taken',
    'field-ignored',
    z.looseObject({ a: text.optional() }),
    z.looseObject({}),
    ok,
    bad,
  ],
  [
    'a field is new where any key was taken',
    'field-claimed',
    z.looseObject({}),
    z.looseObject({ a: text.optional() }),
    bad,
    ok,
  ],
  [
    'a field may be left out',
    'became-optional',
    fields({ a: text }),
    fields({ a: text.optional() }),
    ok,
    bad,
  ],
  [
    'a field is required',
    'became-required',
    fields({ a: text.optional() }),
    fields({ a: text }),
    bad,
    ok,
  ],
  [
    'a field has a default',
    'became-optional',
    fields({ a: text }),
    fields({ a: text.default('') }),
    ok,
    ok,
  ],
  [
    'a field may be undefined',
    'branch-added',
    fields({ a: text.exactOptional() }),
    fields({ a: text.optional() }),
    ok,
    bad,
  ],
  [
    'a field may not be undefined',
    'branch-removed',
    fields({ a: text.optional() }),
    fields({ a: text.exactOptional() }),
    bad,
    ok,
  ],
  [
    'a field called like what every object has',
    'optional-field-added',
    fields({}),
    fields({ valueOf: text.optional() }),
    ok,
    ok,
  ],
  ['further keys are taken', 'keys-opened', fields({}), z.looseObject({}), ok, ok],
  ['further keys are refused', 'keys-closed', z.looseObject({}), fields({}), bad, ok],

  ['a value is new', 'member-added', z.enum(['a']), z.enum(['a', 'b']), ok, bad],
  ['a value is gone', 'member-removed', z.enum(['a', 'b']), z.enum(['a']), bad, ok],
  ['text may be longer', 'bound-loosened', text.max(5), text.max(6), ok, bad],
  ['text has to be shorter', 'bound-tightened', text.max(6), text.max(5), bad, ok],
  ['text may be of any length', 'bound-loosened', text.max(6), text, ok, bad],
  ['text may not be empty', 'bound-tightened', text, text.min(1), bad, ok],
  ['a number may be less', 'bound-loosened', z.int().min(1), z.int().min(0), ok, bad],
  ['a number has to be more', 'bound-tightened', z.number().min(1), z.number().gt(1), bad, ok],
  ['a number may be a fraction', 'bound-loosened', z.int(), z.number(), ok, bad],
  ['a number has to be whole', 'bound-tightened', z.number(), z.number().int(), bad, ok],
  ['a list may be longer', 'bound-loosened', z.array(text).max(1), z.array(text).max(2), ok, bad],
  ['a list has to have an entry', 'bound-tightened', z.set(text), z.set(text).min(1), bad, ok],
  [
    'a date has to be later',
    'bound-tightened',
    z.date(),
    z.date().min(new Date('2026-01-01')),
    bad,
    ok,
  ],
  ['a big number may be more', 'bound-loosened', z.bigint().max(9n), z.bigint().max(10n), ok, bad],
  ['a tuple may have one more', 'bound-loosened', z.tuple([text]), z.tuple([text], text), ok, bad],
  ['a tuple has one more', 'bound-tightened', z.tuple([text]), z.tuple([text, text]), bad, bad],
  ['text has to be an address', 'format-added', text, z.email(), bad, ok],
  ['text need not match', 'format-removed', text.regex(/a/), text, ok, bad],
  ['a number has to be even', 'format-added', z.number(), z.number().multipleOf(2), bad, ok],
  ['there is a check of its own', 'check-added', text, text.refine(() => true), bad, ok],
  ['there is no check of its own', 'check-removed', text.refine(() => true), text, ok, bad],

  ['null is possible', 'branch-added', text, text.nullable(), ok, bad],
  ['null is impossible', 'branch-removed', text.nullable(), text, bad, ok],
  ['a number is possible too', 'branch-added', text, z.union([z.number(), text]), ok, bad],
  ['a number is impossible', 'branch-removed', z.union([z.number(), text]), text, bad, ok],
  [
    'a kind of object is new',
    'branch-added',
    fields({ is: Tag('a') }),
    z.union([fields({ is: Tag('a') }), fields({ is: Tag('b') })]),
    ok,
    bad,
  ],
  [
    'a kind of object has one field more',
    'optional-field-added',
    z.union([fields({ is: Tag('a') }), fields({ is: Tag('b') })]),
    z.union([fields({ is: Tag('b'), b: text.optional() }), fields({ is: Tag('a') })]),
    ok,
    ok,
  ],
  ['what is converted has other bounds', 'conversion-changed', piped(5), piped(6), bad, bad],

  ['in a list', 'bound-loosened', z.array(text.max(5)), z.array(text.max(6)), ok, bad],
  ['in a record', 'member-added', record(['a']), record(['a', 'b']), ok, bad],
  ['in a key', 'bound-tightened', z.record(text, text), z.record(text.max(5), text), bad, ok],
  ['in a record of known keys', 'required-field-added', keyed(['a']), keyed(['a', 'b']), bad, ok],
  ['in a map', 'bound-loosened', z.map(text, z.int()), z.map(text, z.number()), ok, bad],
  ['in a model', 'optional-field-added', z.array(Point), z.array(LongPoint), ok, ok],
  [
    'in a model of itself',
    'branch-added',
    tree(text),
    tree(z.union([text, z.undefined()])),
    ok,
    bad,
  ],
  [
    'in both of two',
    'bound-tightened',
    z.object({ a: text }).and(z.object({ b: text })),
    z.object({ a: text }).and(z.object({ b: text.max(5) })),
    bad,
    ok,
  ],
  [
    'in a nullable list of objects',
    'became-required',
    z.array(fields({ a: text.optional() })).nullable(),
    z.array(fields({ a: text })).nullable(),
    bad,
    ok,
  ],
];

describe.each(changes)('%s', (_, rule, old, current, sent, heard) => {
  test(`it is ${rule}, for who sends: ${sent}`, () => {
    const found = compare(old, current, 'input');
    expect(found.map((change) => change.rule)).toContain(rule);
    expect(verdictOf(found)).toBe(sent);
  });

  test(`for who hears: ${heard}`, () => {
    expect(verdictOf(compare(old, current, 'output'))).toBe(heard);
  });

  test('without it, nothing has changed', () => {
    expect(compare(old, old, 'input')).toEqual([]);
    expect(compare(current, current, 'output')).toEqual([]);
  });
});

test.each<[what: string, old: Schema, current: Schema]>([
  ['the order of fields', fields({ a: text, b: text }), fields({ b: text, a: text })],
  ['the order of values', z.enum(['a', 'b']), z.enum(['b', 'a'])],
  ['the order of branches', z.union([text, z.null()]), z.union([z.null(), text])],
  ['literals for an enum', z.enum(['a', 'b']), z.literal(['a', 'b'])],
  ['another way to say whole', z.int(), z.number().int()],
  ['another way to say more than none', z.int().positive(), z.int().min(1)],
  ['another way to say null', text.nullable(), z.union([z.null(), text])],
  ['a union within a union', z.union([text, z.null()]), z.union([z.union([text, z.null()])])],
  ['true or false', z.boolean(), z.union([z.literal(true), z.literal(false)])],
  ['a description', text, text.describe('Some text.')],
])('%s makes no difference', (_, old, current) => {
  expect(compare(old, current, 'input')).toEqual([]);
  expect(compare(old, current, 'output')).toEqual([]);
});

test('a change says where it is, what it is and what follows', () => {
  const old = fields({ history: z.array(fields({ type: z.enum(['text', 'object']) })) });
  const current = fields({ history: z.array(fields({ type: z.enum(['text']) })) });
  expect(compare(old, current, 'input')).toEqual([
    {
      rule: 'member-removed',
      place: 'data.history[].type',
      fact: '"object" is gone',
      breaks: true,
      because: 'senders of this value are refused',
    },
  ]);
});

function fields(shape: z.core.$ZodLooseShape) {
  return z.strictObject(shape);
}

function record(values: [string, ...string[]]) {
  return z.record(text, z.enum(values));
}

function keyed(keys: [string, ...string[]]) {
  return z.record(z.enum(keys), text);
}

function piped(longest: number) {
  return z.codec(text, text.max(longest), { decode: (value) => value, encode: (value) => value });
}

function compare(old: Schema, current: Schema, direction: Direction) {
  const [before, after] = [new ShapeReader(direction), new ShapeReader(direction)];
  return compareShapes(
    { shape: before.read(old), models: before.models },
    { shape: after.read(current), models: after.models },
    { direction, place: 'data' },
  );
}

function verdictOf(changed: readonly { breaks: boolean }[]): Expected {
  return changed.some(({ breaks }) => breaks) ? 'breaking' : 'compatible';
}
