import fc from 'fast-check';
import * as z from 'zod';

/** A schema that can be changed, made into zod, and filled with values. */
export type Specification =
  | ({ is: 'text' | 'number' | 'whole' } & Ends)
  | ({ is: 'list'; of: Specification } & Ends)
  | { is: 'record'; of: Specification }
  | { is: 'tuple'; first: Specification; others: Specification[]; rest?: Specification }
  | { is: 'flag' | 'date' | 'nothing' | 'anything' }
  | { is: 'values'; values: string[] }
  | { is: 'object'; keys: Keys; fields: Record<string, FieldSpecification> }
  | { is: 'either'; options: Specification[] };

/** The least and the most there may be of something; without end where there is none. */
export interface Ends {
  least?: number | undefined;
  most?: number | undefined;
}

export type Keys = 'strict' | 'strip' | 'loose';

export interface FieldSpecification {
  of: Specification;
  presence: 'required' | 'optional' | 'exact';
}

/** How a schema treats keys it does not know: as it says, or passing over them, as readers do. */
export type Reading = 'exact' | 'tolerant';

export const names = ['a', 'b', 'c'];
export const words = ['x', 'yy', 'zzz'];

/** Schemas as zod has them. */
export function toSchema(specification: Specification, reading: Reading): z.ZodType {
  switch (specification.is) {
    case 'text':
      return bound(z.string(), specification);
    case 'number':
      return bound(z.number(), specification);
    case 'whole':
      return bound(z.int(), specification);
    case 'list':
      return bound(z.array(toSchema(specification.of, reading)), specification);
    case 'record':
      return z.record(z.string().max(2), toSchema(specification.of, reading));
    case 'tuple': {
      const { first, others, rest } = specification;
      const one = toSchema(first, reading);
      const more = others.map((item) => toSchema(item, reading));
      return rest ? z.tuple([one, ...more], toSchema(rest, reading)) : z.tuple([one, ...more]);
    }
    case 'flag':
      return z.boolean();
    case 'date':
      return z.date();
    case 'nothing':
      return z.null();
    case 'anything':
      return z.unknown();
    case 'values':
      return z.enum(specification.values);
    case 'either':
      return z.union(specification.options.map((option) => toSchema(option, reading)));
    case 'object': {
      const fields = Object.entries(specification.fields).map(([name, { of, presence }]) => {
        const field = toSchema(of, reading);
        if (presence === 'exact') return [name, field.exactOptional()] as const;
        return [name, presence === 'optional' ? field.optional() : field] as const;
      });
      const shape = Object.fromEntries(fields);
      const { keys } = specification;
      if (keys === 'loose') return z.looseObject(shape);
      return keys === 'strict' && reading === 'exact' ? z.strictObject(shape) : z.object(shape);
    }
  }
}

function bound<Schema extends z.ZodString | z.ZodNumber | z.ZodArray>(
  schema: Schema,
  { least, most }: Ends,
): z.ZodType {
  const above = least === undefined ? schema : schema.min(least);
  return most === undefined ? above : above.max(most);
}

const limits = fc.record(
  { least: fc.integer({ min: 0, max: 2 }), most: fc.integer({ min: 2, max: 4 }) },
  { requiredKeys: [] },
);

/** Any schema, a few levels deep. */
export const specifications = fc.letrec<{ any: Specification; leaf: Specification }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: tie('leaf') },
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constant('object' as const),
        keys: fc.constantFrom<Keys>('strict', 'strict', 'strip', 'loose'),
        fields: fc.dictionary(
          fc.constantFrom(...names),
          fc.record({
            of: tie('any'),
            presence: fc.constantFrom('required' as const, 'optional' as const, 'exact' as const),
          }),
          { maxKeys: 3, noNullPrototype: true },
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(limits, tie('any'))
        .map(([ends, of]) => ({ is: 'list' as const, of, ...ends })),
    },
    { weight: 1, arbitrary: tie('any').map((of) => ({ is: 'record' as const, of })) },
    {
      weight: 1,
      arbitrary: fc.record(
        {
          is: fc.constant('tuple' as const),
          first: tie('any'),
          others: fc.array(tie('any'), { maxLength: 2 }),
          rest: tie('any'),
        },
        { requiredKeys: ['is', 'first', 'others'] },
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .array(tie('any'), { minLength: 2, maxLength: 3 })
        .map((options) => ({ is: 'either' as const, options })),
    },
  ),
  leaf: fc.oneof(
    fc
      .tuple(fc.constantFrom('text' as const, 'number' as const, 'whole' as const), limits)
      .map(([is, ends]) => ({ is, ...ends })),
    fc
      .constantFrom('flag' as const, 'date' as const, 'nothing' as const, 'anything' as const)
      .map((is) => ({ is })),
    fc.subarray(words, { minLength: 1 }).map((values) => ({ is: 'values' as const, values })),
  ),
})).any;
