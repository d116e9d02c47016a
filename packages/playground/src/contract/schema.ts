/** A JSON Schema, as far as AsyncAPI documents of Parley use it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly additionalProperties?: Schema | boolean;
}

/** Finds the schema that a reference leads to; any other is itself. */
export type Resolve = (schema: Schema) => Schema;

/** The schemas it may be one of: itself, or those that it lists. */
export function branchesOf(schema: Schema, resolve: Resolve): readonly Schema[] {
  const whole = resolve(schema);
  const branches = whole.anyOf ?? whole.oneOf;
  return branches ? branches.flatMap((each) => branchesOf(each, resolve)) : [whole];
}

/** The value with dates where JSON has their text, as the client sends it. */
export function reviveDates(value: unknown, schema: Schema, resolve: Resolve): unknown {
  const branches = branchesOf(schema, resolve);
  if (typeof value === 'string') {
    const strings = branches.filter(({ type }) => type === 'string');
    const isDate = strings.length > 0 && strings.every(({ format }) => format === 'date-time');
    return isDate ? new Date(value) : value;
  }
  if (Array.isArray(value)) {
    const items = branches.find((each) => each.items)?.items;
    return items ? value.map((each) => reviveDates(each, items, resolve)) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const properties = branches.find((each) => each.properties)?.properties ?? {};
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return [key, property ? reviveDates(each, property, resolve) : each];
    }),
  );
}
