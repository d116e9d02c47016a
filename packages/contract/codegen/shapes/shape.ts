/** What may be left out of a set of values. Numbers are as they are, dates ISO text, bigints digits. */
export interface Limits {
  /** The least value, or the least characters or entries. */
  min?: number | string;
  /** What every value is greater than. */
  above?: number | string;
  max?: number | string;
  below?: number | string;
  whole?: true;
  /** What a text has to look like: `email`, `regex /…/`; or what a number has to be a multiple of. */
  formats?: string[];
  /** How many checks there are that only running them can tell about. */
  checks?: number;
  /** Values of other types are converted first. */
  coerced?: true;
  /** What the value becomes before it is taken, where that is another shape. */
  into?: Shape;
}

type Kind<Name extends string, Parts = unknown> = Limits & { kind: Name } & Parts;

export type Scalar = 'string' | 'number' | 'bigint' | 'boolean' | 'date';
export type Literal = string | number | boolean;

/** The values that a schema describes, without anything that makes no difference to them. */
export type Shape =
  | Kind<Scalar | 'null' | 'undefined' | 'unknown'>
  | Kind<'literals', { values: Literal[] }>
  | Kind<'object', { keys: KeyPolicy; fields: Record<string, Field> }>
  | Kind<'array' | 'set', { items: Shape }>
  | Kind<'tuple', { items: Shape[]; rest?: Shape }>
  | Kind<'record' | 'map', { key: Shape; value: Shape; loose?: true }>
  | Kind<'union', { options: Shape[] }>
  | Kind<'both', { parts: [Shape, Shape] }>
  | Kind<'model', { name: string }>;

export type ShapeOf<Name extends Shape['kind']> = Extract<Shape, { kind: Name }>;

/** What becomes of keys that an object does not name: refused, left out, or taken. */
export type KeyPolicy = 'strict' | 'strip' | 'loose';

export type Field = Shape & {
  /** It may be left out; `exact` when it may not be `undefined` instead. */
  optional?: true | 'exact';
  /** Only for readers: it is not part of the normal form. */
  description?: string;
};

/** Shapes that have a name. */
export type Models = Record<string, Shape>;

/** The union of shapes, without what is in it twice or within another. */
export function unite(shapes: readonly Shape[]): Shape {
  const flat = shapes.flatMap((shape) =>
    shape.kind === 'union' && !isChecked(shape) ? shape.options : [shape],
  );
  const whatever = flat.find((shape) => shape.kind === 'unknown' && !isChecked(shape));
  if (whatever) return whatever;

  const plain = flat.filter(isPlainLiterals);
  const values = [...new Set(plain.flatMap((shape) => shape.values))];
  const isBoolean = values.includes(true) && values.includes(false);
  const others = values.filter((value) => !isBoolean || typeof value !== 'boolean');
  const options: Shape[] = flat.filter((shape) => !isPlainLiterals(shape));
  if (isBoolean) options.push({ kind: 'boolean' });
  if (others.length > 0) options.unshift({ kind: 'literals', values: others });

  const distinct = [...new Map(options.map((each) => [JSON.stringify(each), each])).values()];
  const [only] = distinct;
  return only && distinct.length === 1 ? only : { kind: 'union', options: distinct };
}

export function isPlainLiterals(shape: Shape): shape is ShapeOf<'literals'> {
  return shape.kind === 'literals' && !isChecked(shape);
}

/** Whether more than its kind decides what belongs to a shape. */
function isChecked(shape: Limits): boolean {
  return (
    shape.checks !== undefined ||
    shape.formats !== undefined ||
    shape.coerced !== undefined ||
    shape.into !== undefined
  );
}

/** A shape without `undefined`. */
export function withoutUndefined(shape: Shape): Shape {
  if (shape.kind !== 'union') return shape;
  const options = shape.options.filter(({ kind }) => kind !== 'undefined');
  const [only] = options;
  return only && options.length === 1 && !isChecked(shape) ? only : { ...shape, options };
}
