import { printKey, printLiteral } from '../print-source.ts';
import type { Field, Limits, Shape } from '../shapes/shape.ts';

/** A row of a table of fields. */
export interface FieldRow {
  name: string;
  type: string;
  notes: string;
}

/** The fields of an object, and of objects without a name within it. */
export function listFields(shape: Shape, prefix = ''): FieldRow[] {
  if (shape.kind === 'array') return listFields(shape.items, `${prefix}[]`);
  if (shape.kind !== 'object') return [];
  return Object.entries(shape.fields).flatMap(([key, field]) => {
    const name = `${prefix}${prefix && '.'}${printKey(key)}`;
    const row = {
      name: `${name}${field.optional ? '?' : ''}`,
      type: describeType(field),
      notes: describeNotes(field),
    };
    return [row, ...listFields(field, name)];
  });
}

/** A shape in Markdown, with links to those that have a name. */
export function describeType(shape: Shape): string {
  switch (shape.kind) {
    case 'model':
      return `[\`${shape.name}\`](#type-${shape.name.toLowerCase()})`;
    case 'literals':
      return joinOr(shape.values.map((value) => `\`${printLiteral(value).replaceAll('"', "'")}\``));
    case 'union':
      return joinOr(shape.options.map(describeType));
    case 'both':
      return shape.parts.map(describeType).join(' and ');
    case 'array':
      return `list of ${describePart(shape.items)}`;
    case 'set':
      return `set of ${describePart(shape.items)}`;
    case 'tuple':
      return `[${shape.items.map(describeType).join(', ')}]`;
    case 'record':
      return `object of ${describePart(shape.value)}`;
    case 'map':
      return `map of ${describePart(shape.value)}`;
    case 'unknown':
      return 'anything';
    case 'date':
      return '`Date`';
    default:
      return `\`${shape.kind}\``;
  }
}

function describePart(shape: Shape): string {
  const type = describeType(shape);
  return type.includes(' or ') ? `(${type})` : type;
}

function joinOr(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function describeNotes(field: Field): string {
  const description = field.description ?? '';
  const told = description === '' || /[.!?]$/.test(description) ? description : `${description}.`;
  const bounds = describeBounds(field);
  const sentence = bounds && `${bounds.charAt(0).toUpperCase()}${bounds.slice(1)}.`;
  return [told, sentence].filter(Boolean).join(' ');
}

/** What bounds a value, in words: `1 to 64 characters`. */
function describeBounds(shape: Shape): string {
  switch (shape.kind) {
    case 'string':
      return [describeRange(shape, 'characters'), ...describeFormats(shape)]
        .filter(Boolean)
        .join(', ');
    case 'number': {
      const kind = shape.whole ? 'a whole number' : '';
      const words = [kind, describeRange(shape), ...describeFormats(shape)];
      return words.filter(Boolean).join(', ');
    }
    case 'bigint':
    case 'date':
      return describeRange(shape);
    case 'array': {
      const each = describeBounds(shape.items);
      return [describeRange(shape, 'entries'), each && `each ${each}`].filter(Boolean).join(', ');
    }
    case 'union': {
      const [only, ...others] = shape.options.map(describeBounds).filter(Boolean);
      return only !== undefined && others.length === 0 ? only : '';
    }
    default:
      return '';
  }
}

const singulars = { characters: 'character', entries: 'entry' };

function describeRange({ min, above, max, below }: Limits, noun?: keyof typeof singulars): string {
  const unitOf = (count: number | string | undefined) =>
    noun ? ` ${count === 1 ? singulars[noun] : noun}` : '';
  const from = min === undefined ? (above === undefined ? '' : `more than ${above}`) : `${min}`;
  const to = max === undefined ? (below === undefined ? '' : `less than ${below}`) : `${max}`;
  if (min !== undefined && max !== undefined) {
    return min === max ? `${min}${unitOf(min)}` : `${min} to ${max}${unitOf(max)}`;
  }
  const least = from && (min === undefined ? from : `at least ${from}`);
  const most = to && (max === undefined ? to : `at most ${to}`);
  const range = [least, most].filter(Boolean).join(' and ');
  return range && `${range}${unitOf(max ?? below ?? min ?? above)}`;
}

function describeFormats({ formats = [] }: Limits): string[] {
  return formats.map((format) => {
    const [name = '', ...pattern] = format.split(' ');
    return name === 'regex' ? `matching \`${pattern.join(' ')}\`` : format;
  });
}
