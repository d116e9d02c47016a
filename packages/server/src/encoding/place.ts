/** A key that an object or an array has. */
interface Place {
  parent: Record<string, unknown>;
  key: string;
}

const longestPath = 4_096;

/** The place that a path of superjson's leads to, if there is one. */
export function findPlace(json: unknown, path: unknown, version: unknown): Place | undefined {
  if (typeof path !== 'string' || path.length > longestPath) return undefined;
  const keys = parsePath(path, version);
  const key = keys?.pop();
  if (keys === undefined || key === undefined) return undefined;

  let parent = json;
  for (const each of keys) {
    if (!holds(parent, each)) return undefined;
    parent = parent[each];
  }
  return holds(parent, key) ? { parent, key } : undefined;
}

/** Whether it is an object or an array with this key of its own. */
function holds(value: unknown, key: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

/** The keys of a path. A backslash before a dot or a backslash belongs to the key, in superjson's version 1. */
function parsePath(path: string, version: unknown): string[] | undefined {
  if (!path.includes('\\')) return path.split('.');
  if (version !== 1) return undefined;

  const keys: string[] = [];
  let key = '';
  for (const [token] of path.matchAll(/\\[\\.]|[^]/g)) {
    if (token === '\\') return undefined;
    if (token === '.') {
      keys.push(key);
      key = '';
    } else key += token.length === 2 ? token.slice(1) : token;
  }
  return [...keys, key];
}
