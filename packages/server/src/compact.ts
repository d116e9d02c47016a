/** A copy without the properties that are undefined, which superjson would otherwise spell out. */
export function compact<Data>(data: Data): Data {
  return compactValue(data) as Data;
}

function compactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compactValue);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(value)) {
    if (property !== undefined) copy[key] = compactValue(property);
  }
  return copy;
}
