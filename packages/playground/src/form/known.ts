import type { JsonObject } from '../contract/contract.ts';

/** The newest id of each kind that a reply or an occurrence has named, such as `chatId`. */
export type Known = Readonly<Record<string, string>>;

/** Learns the ids in a value: what is called `…Id`, and the `id` of a part, `chat: { id }` as `chatId`. */
export function learn(known: Known, value: unknown): Known {
  const found = Object.fromEntries(idsIn(value));
  const isNews = Object.entries(found).some(([name, id]) => known[name] !== id);
  return isNews ? { ...known, ...found } : known;
}

function idsIn(value: unknown, name?: string): [string, string][] {
  if (typeof value === 'string') return name?.endsWith('Id') ? [[name, value]] : [];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  if (Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    idsIn(each, key === 'id' && name !== undefined ? `${name}Id` : key),
  );
}

/** The example of an event with the ids that there are; `userId` is whoever sends. */
export function fill(example: JsonObject, known: Known, userId: string | undefined): JsonObject {
  const ids: Known = userId === undefined ? known : { ...known, userId };
  return Object.fromEntries(
    Object.entries(example).map(([key, value]) => [
      key,
      typeof value === 'string' && key.endsWith('Id') ? (ids[key] ?? value) : value,
    ]),
  );
}
