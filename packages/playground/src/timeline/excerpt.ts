/** The parts of a value in a line: what says most first, ids last. */
export function excerptOf(value: unknown): string {
  const leaves = leavesOf(value, '');
  const ids = leaves.filter(isId);
  return [...leaves.filter((leaf) => !isId(leaf)), ...ids]
    .map(([name, leaf]) => `${name} ${leaf}`)
    .join(' · ');
}

type Leaf = [name: string, text: string];

const isId = ([name]: Leaf) => name === 'id' || name.endsWith('Id');

function leavesOf(value: unknown, name: string): Leaf[] {
  if (value instanceof Date) return [];
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, each]) =>
      leavesOf(each, Array.isArray(value) ? name : key),
    );
  }
  return [[name, String(value)]];
}
