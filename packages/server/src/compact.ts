/** The data without the properties that are undefined, which superjson would otherwise spell out; a copy only where there are any. */
export function compact<Data>(data: Data): Data {
  return compactValue(data) as Data;
}

function compactValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Array.isArray(value) ? compactArray(value) : compactObject(value);
}

function compactArray(values: readonly unknown[]): readonly unknown[] {
  for (let index = 0; index < values.length; index += 1) {
    if (compactValue(values[index]) !== values[index]) return values.map(compactValue);
  }
  return values;
}

function compactObject(value: object): object {
  // What is looked at here are its properties, whatever their types.
  const properties = value as Record<string, unknown>;
  for (const key in properties) {
    const property = properties[key];
    if (property === undefined || compactValue(property) !== property) return compactCopy(value);
  }
  return value;
}

function compactCopy(value: object): object {
  const copy: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(value)) {
    if (property !== undefined) copy[key] = compactValue(property);
  }
  return copy;
}
