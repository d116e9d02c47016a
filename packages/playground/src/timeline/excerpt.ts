/** The parts of a value in a line: what says most first, ids last. */
export function excerptOf(value: unknown): string {
  return leavesOf(value, '', 0)
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ name, text }) => `${name} ${text}`)
    .join(' · ');
}

interface Leaf {
  name: string;
  text: string;
  depth: number;
}

const isId = (name: string) => name === 'id' || name.endsWith('Id');

/** What is deep inside says less, and an id nothing to people. */
function rank({ name, depth }: Leaf): number {
  return isId(name) ? Number.MAX_SAFE_INTEGER : depth;
}

function leavesOf(value: unknown, name: string, depth: number): Leaf[] {
  if (value instanceof Date) return [];
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, each]) =>
      leavesOf(each, Array.isArray(value) ? name : key, depth + 1),
    );
  }
  return [{ name, text: String(value), depth }];
}
