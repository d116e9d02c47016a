import superjson, { type SuperJSONResult } from 'superjson';

import type { Encoded } from './encoded.ts';
import { isUnsafeKey } from './unsafe-key.ts';

/**
 * A value as superjson writes it. JSON and valid Dates are written by one `JSON.stringify`, and only the Dates'
 * places are worked out here; a value with anything else in it is left to superjson as a whole.
 *
 * It differs from superjson in three ways. What is shared inside a value is not noted (`referentialEqualities`),
 * so reading gives equal copies. A value that holds itself is refused, where superjson would write null. A getter
 * is asked twice, and named properties of an array are passed over.
 */
export function encode(value: unknown): Encoded {
  const dates: Place[] = [];
  return collectDates(value, '', undefined, dates)
    ? { json: JSON.stringify(value), annotations: dates.map(annotateDate).join() }
    : encodeAny(value);
}

/** A place in a value, as the way there from the whole, which is within nothing. */
interface Place {
  key: string | number;
  within: Place | undefined;
  depth: number;
}

/** Deeper values are left to superjson; this ends a value that holds itself, too. */
const deepest = 64;

/** Whether a value is JSON and valid Dates alone; if so, `dates` has their places. */
function collectDates(
  value: unknown,
  key: string | number,
  within: Place | undefined,
  dates: Place[],
): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      if (value === null) return true;
      return collectFrom(value, { key, within, depth: within ? within.depth + 1 : 0 }, dates);
    default:
      return false;
  }
}

function collectFrom(value: object, place: Place, dates: Place[]): boolean {
  if (place.depth > deepest) return false;
  if (Array.isArray(value)) {
    if ('toJSON' in value) return false;
    for (let index = 0; index < value.length; index += 1) {
      if (!collectDates(value[index], index, place, dates)) return false;
    }
    return true;
  }
  if (isPlainObject(value)) {
    if (value['toJSON'] !== undefined) return false;
    for (const key in value) {
      if (isUnsafeKey(key) || !collectDates(value[key], key, place, dates)) return false;
    }
    return true;
  }
  if (!isUsualDate(value)) return false;
  dates.push(place);
  return true;
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether JSON has for it what superjson would write. */
function isUsualDate(value: object): boolean {
  return (
    value instanceof Date &&
    !Number.isNaN(value.valueOf()) &&
    value.toJSON === Date.prototype.toJSON
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

/** What stands for itself neither in a path of superjson's nor in a JSON string: `.`, `\`, `"`, controls, surrogates. */
const special = /[.\\"\p{Cc}\ud800-\udfff]/u;

function escapeKey(key: string | number): string | number {
  if (typeof key === 'number' || !special.test(key)) return key;
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
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    yield path.slice(0, dot);
  }
}
