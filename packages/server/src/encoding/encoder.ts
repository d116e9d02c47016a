import superjson, { type SuperJSONResult } from 'superjson';

import type { Encoded } from './encoded.ts';
import { isoText } from './iso-text.ts';
import { isUnsafeKey } from './unsafe-key.ts';

/**
 * A value as superjson writes it. Valid Dates are found and become text here, the rest is written by one
 * `JSON.stringify`; a value with anything else in it than JSON and Dates is left to superjson as a whole.
 *
 * It differs from superjson in three ways. What is shared inside a value is not noted (`referentialEqualities`),
 * so reading gives equal copies. A value that holds itself is refused, where superjson would write null. A getter
 * is asked more than once, and named properties of an array are passed over.
 */
export function encode(value: unknown): Encoded {
  const dates: Place[] = [];
  const json = toJson(value, '', undefined, dates);
  return json === unknown
    ? encodeAny(value)
    : { json: JSON.stringify(json), annotations: dates.map(annotateDate).join() };
}

/** A place in a value, as the way there from the whole, which is within nothing. */
interface Place {
  key: string | number;
  within: Place | undefined;
  depth: number;
}

/** Stands for a value that is more than JSON and Dates. */
const unknown = Symbol('unknown');

/** Deeper values are left to superjson; this ends a value that holds itself, too. */
const deepest = 64;

/** A value with its Dates as text, itself when it has none; `dates` gets their places. */
function toJson(
  value: unknown,
  key: string | number,
  within: Place | undefined,
  dates: Place[],
): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : unknown;
    case 'object':
      if (value === null) return value;
      return objectToJson(value, { key, within, depth: within ? within.depth + 1 : 0 }, dates);
    default:
      return unknown;
  }
}

function objectToJson(value: object, place: Place, dates: Place[]): unknown {
  if (place.depth > deepest) return unknown;
  if (Array.isArray(value)) return arrayToJson(value, place, dates);
  if (isPlainObject(value)) return membersToJson(value, place, dates);
  if (!isUsualDate(value)) return unknown;
  dates.push(place);
  return isoText(value);
}

function arrayToJson(array: unknown[], place: Place, dates: Place[]): unknown {
  if ('toJSON' in array) return unknown;
  let copy: unknown[] | undefined;
  for (let index = 0; index < array.length; index += 1) {
    const json = toJson(array[index], index, place, dates);
    if (json === unknown) return unknown;
    if (json !== array[index]) (copy ??= [...array])[index] = json;
  }
  return copy ?? array;
}

function membersToJson(object: Record<string, unknown>, place: Place, dates: Place[]): unknown {
  if (object['toJSON'] !== undefined) return unknown;
  let copy: Record<string, unknown> | undefined;
  for (const key in object) {
    const member = object[key];
    const json = isUnsafeKey(key) ? unknown : toJson(member, key, place, dates);
    if (json === unknown) return unknown;
    if (json !== member) (copy ??= { ...object })[key] = json;
  }
  return copy ?? object;
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether its text is the one that every Date has. */
function isUsualDate(value: object): value is Date {
  return (
    value instanceof Date &&
    !Number.isNaN(value.valueOf()) &&
    value.toISOString === Date.prototype.toISOString
  );
}

function annotateDate({ key, within }: Place): string {
  if (within === undefined) return '["Date"]';
  let path = escapeKey(key);
  for (let place = within; place.within; place = place.within) {
    path = `${escapeKey(place.key)}.${path}`;
  }
  return `"${path}":["Date"]`;
}

function escapeKey(key: string | number): string | number {
  if (typeof key === 'number' || /^\w*$/.test(key)) return key;
  return JSON.stringify(key.replaceAll(/[\\.]/g, String.raw`\$&`)).slice(1, -1);
}

function encodeAny(value: unknown): Encoded {
  const { json, meta } = superjson.serialize(value);
  if (meta?.referentialEqualities && holdsItself(meta.referentialEqualities)) {
    throw new TypeError('A value that holds itself cannot be encoded.');
  }
  // A function, a symbol and what `toJSON` makes of an object can be nothing.
  const text: string | undefined = JSON.stringify(json);
  if (text === undefined) return { json: 'null', annotations: '["undefined"]' };

  const annotations = JSON.stringify(meta?.values ?? {});
  return { json: text, annotations: annotations.replace(/^\{(.*)\}$/s, '$1') };
}

type Shared = NonNullable<NonNullable<SuperJSONResult['meta']>['referentialEqualities']>;

/** Whether one of the places where something stands is within another where it stands as well. */
function holdsItself(shared: Shared): boolean {
  if (Array.isArray(shared)) return true;
  return Object.entries(shared).some(([first, others]) => {
    const paths = new Set([first, ...others]);
    return others.some((path) => [...ancestors(path)].some((ancestor) => paths.has(ancestor)));
  });
}

function* ancestors(path: string): Generator<string> {
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    yield path.slice(0, dot);
  }
}
