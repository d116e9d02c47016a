import superjson from 'superjson';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { events } from './events.gen.ts';

const halves = events.flatMap(({ name, send, listen }) => [
  ...(send ? [{ title: `${name} (send)`, schema: send.data, example: send.example }] : []),
  ...(listen ? [{ title: `${name} (listen)`, schema: listen.data, example: listen.example }] : []),
]);

describe.each(halves)('$title', ({ schema, example }) => {
  test('the example parses to itself', () => {
    expect(z.parse(schema, example)).toEqual(example);
  });

  test('the example survives the wire', () => {
    expect(superjson.parse(superjson.stringify(example))).toEqual(example);
  });

  test.each([...mutate(schema, example)])('$what is refused', ({ value, path }) => {
    expect(z.safeParse(schema, value).error?.issues[0]?.path).toEqual(path);
  });
});

const inputs = events.flatMap(({ name, send }) => (send ? [{ name, schema: send.data }] : []));

test.each(inputs)('$name takes no text and no list without an end', ({ schema }) => {
  expect([...findBoundless(schema)]).toEqual([]);
});

interface Mutation {
  what: string;
  value: unknown;
  /** Where the first issue has to be. */
  path: PropertyKey[];
}

/** What the example becomes with one key too many, one too few, or one value of another type. */
function* mutate(
  schema: z.core.$ZodType,
  example: unknown,
  path: PropertyKey[] = [],
  rebuild = (value: unknown) => value,
): Generator<Mutation> {
  if (schema instanceof z.ZodOptional) {
    yield* mutate(schema.unwrap(), example, path, rebuild);
  } else if (schema instanceof z.ZodArray && Array.isArray(example)) {
    yield* mutate(schema.element, example[0], [...path, 0], (value) => rebuild([value]));
  } else if (schema instanceof z.ZodObject) {
    const object: Record<string, unknown> = { ...Object(example) };
    yield { what: `${at(path)}.unknown`, value: rebuild({ ...object, unknown: 1 }), path };

    for (const [key, field] of Object.entries<z.core.$ZodType>(schema.shape)) {
      const { [key]: value, ...others } = object;
      const place = [...path, key];
      if (field._zod.optin === undefined) {
        yield { what: `no ${at(place)}`, value: rebuild(others), path: place };
      }
      if (value === undefined) continue;
      const replace = (other: unknown) => rebuild({ ...object, [key]: other });
      const wrong = typeof value === 'string' ? 42 : 'wrong';
      yield { what: `${at(place)} = ${wrong}`, value: replace(wrong), path: place };
      yield* mutate(field, value, place, replace);
    }
  }
}

/** The places of strings and arrays that may be of any length. */
function* findBoundless(
  schema: z.core.$ZodType,
  path: PropertyKey[] = [],
  seen = new Set<z.core.$ZodType>(),
): Generator<string> {
  if (seen.has(schema)) return;
  seen.add(schema);

  if (schema instanceof z.ZodString || schema instanceof z.ZodArray) {
    const isBound = (check: unknown) => check instanceof z.core.$ZodCheckMaxLength;
    if (!schema.def.checks?.some(isBound)) yield at(path);
  }
  if (schema instanceof z.ZodArray) yield* findBoundless(schema.element, [...path, 0], seen);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodLazy) {
    yield* findBoundless(schema.unwrap(), path, seen);
  }
  if (schema instanceof z.ZodCustom) {
    const like = schema.meta()?.['like'];
    if (like instanceof z.core.$ZodType) yield* findBoundless(like, path, seen);
  }
  if (schema instanceof z.ZodUnion) {
    for (const option of schema.options) yield* findBoundless(option, path, seen);
  }
  if (schema instanceof z.ZodRecord) {
    yield* findBoundless(schema.keyType, [...path, 'key'], seen);
    yield* findBoundless(schema.valueType, [...path, 'value'], seen);
  }
  if (schema instanceof z.ZodObject) {
    for (const [key, field] of Object.entries<z.core.$ZodType>(schema.shape)) {
      yield* findBoundless(field, [...path, key], seen);
    }
  }
}

function at(path: PropertyKey[]): string {
  return ['data', ...path].join('.');
}
