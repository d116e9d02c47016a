import fc from 'fast-check';

/** What is put where something else should be. */
const odd = fc.constantFrom<unknown>(
  undefined,
  null,
  0,
  -1,
  1.5,
  true,
  '',
  'x',
  [],
  [1],
  {},
  { a: 1 },
  { constructor: 1 },
  { json: null },
  'x'.repeat(300),
);

/** Where. */
const places = [
  ['jsonrpc'],
  ['method'],
  ['params'],
  ['params', 'path'],
  ['params', 'lastEventId'],
  ['params', 'input'],
  ['params', 'input', 'json'],
  ['params', 'input', 'meta'],
  ['params', 'input', 'meta', 'values'],
  ['params', 'input', 'json', 'data'],
  ['params', 'input', 'json', 'data', 'chatId'],
  ['params', 'input', 'json', 'data', 'more'],
  ['params', 'input', 'json', 'key'],
  ['params', 'input', 'json', 'lastEventId'],
  ['params', 'more'],
  ['more'],
] as const;

/** The value with another at a place in it; unchanged where there is no such place. */
function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const inside = Object.hasOwn(value, name)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : {};
  return { ...value, [name]: replaced(inside, rest, by) };
}

/** A message with something in it that does not belong there. */
export const broken = (message: fc.Arbitrary<object>): fc.Arbitrary<unknown> =>
  fc
    .tuple(message, fc.constantFrom(...places), odd)
    .map(([value, place, by]) => replaced(value, place, by));
