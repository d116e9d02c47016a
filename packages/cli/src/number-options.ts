import { UsageError } from './failure.ts';

/** An option that takes a number. */
export interface NumberOption {
  what: string;
  /** What it is unless told. */
  usual: number;
  least: number;
  most: number;
  /** Whether fractions are refused. */
  whole?: boolean;
}

type Words<Name extends string> = { readonly [Each in Name]?: string | undefined };

/** The options as a command declares them. */
export function numberArguments<Name extends string>(options: Record<Name, NumberOption>) {
  const declare = ({ what, usual }: NumberOption) =>
    ({ type: 'string', description: `${what}; ${usual} unless told` }) as const;
  return mapValues(options, declare);
}

/** The numbers that the options were given, or their usual ones. */
export function readNumbers<Name extends string>(
  options: Record<Name, NumberOption>,
  words: Words<NoInfer<Name>>,
): Record<Name, number> {
  return mapValues(options, (option, name) => readNumber(name, option, words[name]));
}

function readNumber(name: string, option: NumberOption, word: string | undefined): number {
  const { usual, least, most, whole = false } = option;
  if (word === undefined) return usual;
  const number = /^\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN;
  if (number >= least && number <= most && (!whole || Number.isInteger(number))) return number;
  const kind = whole ? 'a whole number' : 'a number';
  throw new UsageError(`--${name} is ${kind} from ${least} to ${most}, such as ${usual}.`);
}

function mapValues<Name extends string, Value, Result>(
  record: Record<Name, Value>,
  map: (value: Value, name: Name) => Result,
): Record<Name, Result> {
  // The names are those of the record it was given.
  const names = Object.keys(record) as Name[];
  return Object.fromEntries(names.map((name) => [name, map(record[name], name)])) as Record<
    Name,
    Result
  >;
}
