import * as fc from 'fast-check';
import * as z from 'zod';

import { safeKey } from './keys.ts';

/** Values of a schema's output. Their lengths and sizes are not the schema's: who encodes does not look at them. */
export function fromSchema(schema: z.core.$ZodType, depth = 0): fc.Arbitrary<unknown> {
  // Every schema is one of zod's own kinds; the base class only does not say so.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const inner = (of: z.core.$ZodType) => fromSchema(of, depth + 1);

  switch (def.type) {
    case 'string':
      return text;
    case 'number':
      return fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'date':
      return fc.date({ noInvalidDate: true });
    case 'unknown':
      return fc.object({ key: safeKey, values: [text, fc.integer(), fc.constant(null)] });
    case 'literal':
      return fc.constantFrom<unknown>(...def.values);
    case 'enum':
      return fc.constantFrom<unknown>(...Object.values(def.entries));
    case 'array':
      return fc.array(inner(def.element), { maxLength: 4 });
    case 'union':
      return fc.oneof(...optionsAt(def.options, depth).map(inner));
    case 'record':
      return fc.dictionary(safeKey, inner(def.valueType), { maxKeys: 4 });
    case 'optional':
      return inner(def.innerType);
    case 'nullable':
      return fc.option(inner(def.innerType));
    case 'default':
    case 'readonly':
      return inner(def.innerType);
    case 'lazy':
      return inner(def.getter());
    case 'pipe':
      return inner(def.out);
    case 'tuple':
      return fc.tuple(...def.items.map(inner));
    case 'custom': {
      const like = z.globalRegistry.get(schema)?.['like'];
      if (like instanceof z.core.$ZodType) return inner(like);
      break;
    }
    case 'object': {
      const fields = Object.entries<z.core.$ZodType>(def.shape);
      const requiredKeys = fields
        .filter(([, field]) => field._zod.optout === undefined)
        .map(([key]) => key);
      return fc.record(Object.fromEntries(fields.map(([key, field]) => [key, inner(field)])), {
        requiredKeys,
      });
    }
  }
  throw new Error(`No values are known of a schema of type ${def.type}.`);
}

const text = fc.string({ unit: 'binary', maxLength: 12 });

/** A schema of values within values has an end here. */
function optionsAt(options: readonly z.core.$ZodType[], depth: number) {
  const flat = options.filter(
    (option) => !['array', 'record', 'lazy'].includes(option._zod.def.type),
  );
  return depth > 12 ? flat : options;
}
