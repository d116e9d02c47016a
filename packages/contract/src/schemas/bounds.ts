import * as z from 'zod';

/** An id that the server made, such as `c_8fJ2…`. */
export const id = (length = 64) => z.string().min(1).max(length);

/** A name for people to read. */
export const label = (length = 200) => z.string().min(1).max(length);

/** A count of things, never negative. */
export const count = () => z.number().int().min(0);

/** Keys that would change an object's prototype when copied carelessly, and that superjson refuses to write. */
const unsafeKeys = new Set(['__proto__', 'constructor', 'prototype']);

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };

/** Any JSON value. Keys are bounded here; whoever uses it bounds the size of the whole. */
export const JsonValue: z.ZodType<JsonValue, JsonValue> = z
  .lazy(() =>
    z.union([
      z.string().max(8192),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(JsonValue).max(500),
      z.record(key, JsonValue),
    ]),
  )
  .meta({ id: 'JsonValue' });

const key = z
  .string()
  .min(1)
  .max(64)
  .refine((value) => !unsafeKeys.has(value), 'This key is reserved.');

/** How deep a JSON object may go. */
const deepest = 32;

/** Whether no key would change a prototype, and nothing lies too deep. Copies no longer have a key `__proto__`: ask before. */
export function hasSafeKeys(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > deepest || Object.keys(value).some((name) => unsafeKeys.has(name))) return false;
  return Object.values(value).every((each) => hasSafeKeys(each, depth + 1));
}

const record = z.record(key, JsonValue);

/** A JSON object of at most `characters` once written. */
export const jsonObject = (characters: number) =>
  z
    .custom<z.input<typeof record>>(
      (value) => hasSafeKeys(value),
      `Keys such as __proto__ are reserved, and an object goes at most ${deepest} deep.`,
    )
    .meta({ like: record })
    .pipe(record)
    .refine(
      (value) => JSON.stringify(value).length <= characters,
      `At most ${characters} characters of JSON.`,
    );
