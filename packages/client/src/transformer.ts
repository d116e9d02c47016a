import superjson, { type SuperJSONResult } from 'superjson';

import { pathTo, revive, unsafeKeys } from './dates.ts';

type Json = SuperJSONResult['json'];
type Meta = NonNullable<SuperJSONResult['meta']>;

/** superjson, with a short way for what needs little of it. */
export const transformer = { serialize, deserialize };

/** Deeper values take the long way, which also finds those that contain themselves. */
const deepestPlain = 32;

/** Throws for what cannot be written. A part that is in several places is written in each. */
function serialize(value: unknown): SuperJSONResult {
  if (isPlain(value, 0)) return { json: value };
  const { json, meta } = superjson.serialize(value);
  if (meta?.referentialEqualities === undefined) return meta ? { json, meta } : { json };
  // Servers refuse references, which small messages could make huge ones of.
  if (containsItself(value)) throw new Error('The data contains itself.');
  const { values, v } = meta;
  return values ? { json, meta: { values, v: v ?? 1 } } : { json };
}

/** Takes a payload that `JSON.parse` gave to nobody else. */
function deserialize(payload: SuperJSONResult): unknown {
  const { json, meta } = payload;
  if (!meta) return json;
  const paths = onlyDates(meta);
  if (!paths) return superjson.deserialize(payload, { inPlace: true });
  for (const path of paths) revive(json, pathTo(path));
  return json;
}

/** Whether superjson would leave it as it is. */
function isPlain(value: unknown, depth: number): value is Json {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || depth === deepestPlain) return false;
  if (Array.isArray(value)) return value.every((each) => isPlain(each, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.entries(value).every(
    ([key, each]) => !unsafeKeys.has(key) && isPlain(each, depth + 1),
  );
}

function containsItself(value: unknown, around: readonly object[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (around.includes(value)) return true;
  const within = [...around, value];
  return Object.values(value).some((each) => containsItself(each, within));
}

/** The paths of all that is to be revived, if these are dates at paths without escapes. */
function onlyDates({ values, referentialEqualities, v }: Meta): string[] | undefined {
  if (v !== 1 || !values || Array.isArray(values) || referentialEqualities) return undefined;
  const paths = Object.keys(values);
  const areDates = paths.every((path) => {
    const tree = values[path];
    return Array.isArray(tree) && tree.length === 1 && tree[0] === 'Date' && !path.includes('\\');
  });
  return areDates ? paths : undefined;
}
