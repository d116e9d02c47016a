/** Keys that would reach the prototype of an object. */
export const unsafeKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The way to a part of a value: the keys to what holds it, and its own. */
interface Path {
  way: readonly string[];
  last: string;
}

/** Reads a path, whose keys are parted by dots. */
export function pathTo(text: string): Path {
  const way = text.split('.');
  const unsafe = way.find((key) => unsafeKeys.has(key));
  if (unsafe !== undefined) throw nothingAt(unsafe);
  return { last: way.pop() ?? '', way };
}

/** Puts a Date in place of its text. Throws unless each key on the way is the own one of what holds it. */
export function revive(
  value: unknown,
  { way, last }: Path,
  toDate = (text: string): Date => new Date(text),
): void {
  let part = value;
  for (const key of way) part = ownPart(part, key)[key];
  const parent = ownPart(part, last);
  parent[last] = toDate(String(parent[last]));
}

/** The object that has the key, as one whose parts can be read and set. */
function ownPart(value: unknown, key: string): Record<string, unknown> {
  const part = Object(value);
  if (!Object.hasOwn(part, key)) throw nothingAt(key);
  return part;
}

function nothingAt(key: string): Error {
  return new Error(`There is nothing to revive at ${key}.`);
}

/** The lists of paths that come again and again are short, and few. */
const longestKept = 256;
const mostKept = 64;

/** Revives the Dates of many values that resemble each other. */
export class Dates {
  readonly #kept = new Map<string, readonly Path[]>();
  /** What was read last, for an occurrence often says the same time twice. */
  #text = '';
  #time = Number.NaN;
  readonly #toDate = (text: string): Date => {
    if (text !== this.#text) {
      this.#text = text;
      this.#time = Date.parse(text);
    }
    return new Date(this.#time);
  };

  /** The value with Dates at these paths, which are parted by spaces. */
  revive(value: unknown, paths: string | undefined): unknown {
    if (paths === undefined) return value;
    for (const path of this.#kept.get(paths) ?? this.#read(paths))
      revive(value, path, this.#toDate);
    return value;
  }

  #read(paths: string): readonly Path[] {
    const read = paths.split(' ').map(pathTo);
    if (paths.length > longestKept) return read;
    if (this.#kept.size === mostKept) this.#kept.clear();
    this.#kept.set(paths, read);
    return read;
  }
}
