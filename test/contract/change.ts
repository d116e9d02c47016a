import { pick, type Random } from './sample.ts';
import {
  names,
  words,
  type Ends,
  type FieldSpecification,
  type Specification,
} from './specification.ts';

/** What a change does to the values that a schema takes: all of them still belong to it, no others do, or neither. */
export type Effect = 'widens' | 'narrows' | 'changes';

export interface Changed {
  effect: Effect;
  result: Specification;
}

/** A schema with a change somewhere in it. */
export function change(specification: Specification, random: Random): Changed {
  const within = random() < 0.6 ? changeWithin(specification, random) : undefined;
  return within ?? pick(random, changesOf(specification, random));
}

function changeWithin(specification: Specification, random: Random): Changed | undefined {
  if (specification.is === 'list' || specification.is === 'record') {
    const { effect, result } = change(specification.of, random);
    return { effect, result: { ...specification, of: result } };
  }
  if (specification.is === 'either') {
    const index = Math.floor(random() * specification.options.length);
    const option = specification.options[index];
    if (!option) return undefined;
    const { effect, result } = change(option, random);
    return {
      effect,
      result: { ...specification, options: specification.options.with(index, result) },
    };
  }
  if (specification.is === 'tuple') {
    const { effect, result } = change(specification.first, random);
    return { effect, result: { ...specification, first: result } };
  }
  if (specification.is !== 'object') return undefined;
  const [name] = Object.keys(specification.fields).toSorted(() => random() - 0.5);
  const field = name === undefined ? undefined : specification.fields[name];
  if (name === undefined || !field) return undefined;
  const { effect, result } = change(field.of, random);
  return { effect, result: withField(specification, name, { ...field, of: result }) };
}

/** Everything that could be changed about a schema itself. */
function changesOf(specification: Specification, random: Random): Changed[] {
  const leaf: Specification = pick<Specification>(random, [
    { is: 'text', most: 3 },
    { is: 'whole', least: 1 },
    { is: 'flag' },
    { is: 'date' },
    { is: 'values', values: ['x', 'yy'] },
    { is: 'object', keys: 'strict', fields: {} },
  ]);
  return [
    { effect: 'changes', result: leaf },
    { effect: 'widens', result: { is: 'anything' } },
    { effect: 'widens', result: { is: 'either', options: [leaf, specification] } },
    { effect: 'widens', result: { is: 'either', options: [specification, { is: 'nothing' }] } },
    ...changesOfKind(specification, leaf, random),
  ];
}

function changesOfKind(
  specification: Specification,
  leaf: Specification,
  random: Random,
): Changed[] {
  switch (specification.is) {
    case 'text':
    case 'list':
      return changesOfEnds(specification).map(({ effect, ends }) => {
        return { effect, result: { ...specification, ...ends } };
      });
    case 'whole':
      return [
        ...changesOfNumber(specification),
        { effect: 'widens', result: { ...specification, is: 'number' } },
      ];
    case 'number':
      return [
        ...changesOfNumber(specification),
        { effect: 'narrows', result: { ...specification, is: 'whole' } },
      ];
    case 'values': {
      const { values } = specification;
      const others = words.filter((word) => !values.includes(word));
      return [
        { effect: 'widens', result: { is: 'text' } },
        ...others.map((word): Changed => {
          return { effect: 'widens', result: { is: 'values', values: [...values, word] } };
        }),
        ...(values.length > 1
          ? [{ effect: 'narrows' as const, result: { ...specification, values: values.slice(1) } }]
          : []),
      ];
    }
    case 'either': {
      const { options } = specification;
      return [
        { effect: 'narrows', result: pick(random, options) },
        { effect: 'widens', result: { is: 'either', options: [...options, leaf] } },
        { effect: 'widens', result: { is: 'either', options: options.toReversed() } },
      ];
    }
    case 'tuple': {
      const { first, others, rest } = specification;
      const changed = (effect: Effect, result: Specification): Changed => ({ effect, result });
      return [
        changed('changes', { ...specification, others: [...others, leaf] }),
        changed('changes', { ...specification, others: others.slice(1) }),
        changed('changes', { is: 'list', of: leaf }),
        ...(rest
          ? [
              changed('narrows', { is: 'tuple', first, others }),
              changed('narrows', { ...specification, others: [...others, rest] }),
            ]
          : [changed('widens', { ...specification, rest: leaf })]),
      ];
    }
    case 'object':
      return changesOfObject(specification, leaf);
    default:
      return [];
  }
}

function changesOfNumber(
  specification: Extract<Specification, { is: 'text' | 'number' | 'whole' }>,
) {
  return changesOfEnds(specification).map(({ effect, ends }): Changed => {
    return { effect, result: { ...specification, ...ends } };
  });
}

function changesOfEnds({ least, most }: Ends): { effect: Effect; ends: Ends }[] {
  const [low, high] = [least ?? 0, most ?? 4];
  return [
    { effect: 'widens', ends: { least, most: undefined } },
    { effect: 'widens', ends: { least: undefined, most } },
    { effect: 'widens', ends: { least, most: most === undefined ? most : most + 1 } },
    { effect: 'narrows', ends: { least, most: Math.max(low, high - 1) } },
    { effect: 'narrows', ends: { least: Math.min(low + 1, high), most } },
  ];
}

type ObjectSpecification = Extract<Specification, { is: 'object' }>;

function changesOfObject(specification: ObjectSpecification, leaf: Specification): Changed[] {
  const { keys, fields } = specification;
  const free = names.filter((name) => !(name in fields));
  const changed = (effect: Effect, result: Specification): Changed => ({ effect, result });
  return [
    changed(keys === 'strict' ? 'widens' : 'changes', { ...specification, keys: 'loose' }),
    changed(keys === 'strict' ? 'widens' : 'changes', { ...specification, keys: 'strip' }),
    changed(keys === 'strict' ? 'widens' : 'narrows', { ...specification, keys: 'strict' }),
    ...free.flatMap((name) => {
      const [optional, required] = (['optional', 'required'] as const).map((presence) =>
        withField(specification, name, { of: leaf, presence }),
      );
      if (!optional || !required) return [];
      return [
        changed(keys === 'loose' ? 'narrows' : 'widens', optional),
        changed('changes', required),
      ];
    }),
    ...Object.entries(fields).flatMap(([name, { of, presence }]) => {
      const { [name]: _, ...rest } = fields;
      const set = (next: FieldSpecification['presence']) =>
        withField(specification, name, { of, presence: next });
      return [
        changed('changes', { ...specification, fields: rest }),
        changed('widens', set('optional')),
        ...(presence === 'required' ? [changed('widens', set('exact'))] : []),
        ...(presence === 'exact' ? [changed('narrows', set('required'))] : []),
        ...(presence === 'optional'
          ? [changed('narrows', set('exact')), changed('narrows', set('required'))]
          : []),
      ];
    }),
  ];
}

function withField(
  specification: ObjectSpecification,
  name: string,
  field: FieldSpecification,
): Specification {
  return { ...specification, fields: { ...specification.fields, [name]: field } };
}
