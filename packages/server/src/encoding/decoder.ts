import { findPlace } from './place.ts';
import { isUnsafeKey } from './unsafe-key.ts';

export interface InputBounds {
  /** How many objects and arrays may lie within one another. */
  jsonDepth?: number;
  /** How many values there may be: objects, arrays and what they hold. */
  jsonNodes?: number;
  /** How many places may be annotated, and how many may be the same as another. */
  annotations?: number;
  /** Hears which of the first two was too small, before nothing is read. */
  onReached?: (bound: 'jsonDepth' | 'jsonNodes') => void;
}

/**
 * What a client sent as superjson; nothing when it is not to be read, so that it does not fit any event. Of superjson's
 * tags only those that a client needs are known: Date, bigint, undefined and number. What it calls the same thing
 * (`referentialEqualities`) becomes equal copies. The JSON is used as it is, not copied.
 */
export function decodeInput(
  raw: unknown,
  { jsonDepth = 32, jsonNodes = 5_000, annotations = 1_000, onReached }: InputBounds = {},
): unknown {
  if (!isRecord(raw)) return undefined;
  const { json, meta } = raw;
  const left = countDown(jsonNodes, json, jsonDepth);
  if (left === tooDeep) onReached?.('jsonDepth');
  else if (left === tooMany) onReached?.('jsonNodes');
  if (left < 0) return undefined;
  if (meta === undefined || meta === null) return json;

  if (!isRecord(meta)) return undefined;
  const { values = {}, referentialEqualities = {}, v: version = 0, ...others } = meta;
  if (Object.keys(others).length > 0 || (version !== 0 && version !== 1)) return undefined;
  if (!isWrittenOut(json, referentialEqualities, version, annotations)) return undefined;
  if (Array.isArray(values)) {
    const whole = revive(json, values);
    return whole === refused ? undefined : whole;
  }
  if (!isRecord(values)) return undefined;
  const paths = Object.keys(values);
  if (paths.length > annotations) return undefined;
  return paths.every((path) => reviveAt(json, path, values[path], version)) ? json : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const tooMany = -1;
const tooDeep = -2;
const unsafe = -3;

/** How many of so many nodes are left after a value, or why it is not to be read. */
function countDown(nodes: number, value: unknown, depth: number): number {
  let left = nodes - 1;
  if (typeof value !== 'object' || value === null) return left;
  if (depth === 0) return tooDeep;
  if (Array.isArray(value)) {
    for (const each of value) {
      if (left < 0) break;
      left = countDown(left, each, depth - 1);
    }
  } else if (isRecord(value)) {
    for (const key in value) {
      if (left < 0) break;
      if (isUnsafeKey(key)) return unsafe;
      left = countDown(left, value[key], depth - 1);
    }
  }
  return left;
}

/** Whether what is said to be the same is there each time. A value within itself and one written once are not: the others are null. */
function isWrittenOut(json: unknown, same: unknown, version: unknown, most: number): boolean {
  if (!isRecord(same)) return false;
  let left = most;
  return Object.entries(same).every(([first, others]) => {
    if (!Array.isArray(others)) return false;
    left -= others.length;
    const place = findPlace(json, first, version);
    if (left < 0 || !place) return false;
    const isNull = place.parent[place.key] === null;
    return others.every((path) => {
      const other = findPlace(json, path, version);
      return other && (isNull || other.parent[other.key] !== null);
    });
  });
}

/** Whether it could put the value that an annotation means in its place. */
function reviveAt(json: unknown, path: string, annotation: unknown, version: unknown): boolean {
  const place = findPlace(json, path, version);
  if (!place) return false;
  const { parent, key } = place;
  const value = revive(parent[key], annotation);
  if (value === refused) return false;
  parent[key] = value;
  return true;
}

const refused = Symbol('refused');

const longestDate = 64;
const longestBigint = 1_000;

/** The value that an annotation such as `["Date"]` makes of what stands for it in the JSON. */
function revive(json: unknown, annotation: unknown): unknown {
  if (!Array.isArray(annotation) || annotation.length !== 1) return refused;
  const [tag]: unknown[] = annotation;
  if (tag === 'undefined') return json === null ? undefined : refused;
  if (typeof json !== 'string') return refused;
  switch (tag) {
    case 'Date':
      return json.length <= longestDate ? new Date(json) : refused;
    case 'bigint':
      return json.length <= longestBigint && /^-?\d+$/.test(json) ? BigInt(json) : refused;
    case 'number':
      return /^(NaN|-?Infinity|-0)$/.test(json) ? Number(json) : refused;
    default:
      return refused;
  }
}
