import { format } from 'oxfmt';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { TypePrinter, type Direction } from './print-types.ts';

const Point = z.object({ x: z.number(), y: z.number().optional() }).meta({ id: 'Point' });

type Tree = { children: Tree[] };
const Tree: z.ZodType<Tree, Tree> = z
  .lazy(() => z.object({ children: z.array(Tree) }))
  .meta({ id: 'Tree' });

interface Json {
  [key: string]: Json;
}
const Nameless: z.ZodType<Json> = z.lazy(() => z.record(z.string(), Nameless));

const sameBothWays: [type: string, schema: z.core.$ZodType][] = [
  ['string', z.string().min(1).trim()],
  ['string', z.email()],
  ['number', z.int()],
  ['bigint', z.bigint()],
  ['boolean', z.boolean()],
  ['Date', z.date()],
  ['null', z.null()],
  ['undefined', z.undefined()],
  ['unknown', z.unknown()],
  ["'a' | 1 | true | null", z.literal(['a', 1, true, null])],
  [`"it's"`, z.literal("it's")],
  ["'a' | 'b'", z.enum(['a', 'b'])],
  ['string | null', z.string().nullable()],
  ['string | undefined', z.string().optional()],
  ['string | number', z.union([z.string(), z.number(), z.string()])],
  ['(string | number)[]', z.array(z.union([z.string(), z.number()]))],
  ['string[][]', z.array(z.array(z.string()))],
  ['[string, (number | undefined)?]', z.tuple([z.string(), z.number().optional()])],
  ['[string, ...number[]]', z.tuple([z.string()], z.number())],
  ['{ [key: string]: number }', z.record(z.string(), z.number())],
  ["Record<'a' | 'b', number>", z.record(z.enum(['a', 'b']), z.number())],
  ["Partial<Record<'a', number>>", z.partialRecord(z.enum(['a']), z.number())],
  ['Map<string, number>', z.map(z.string(), z.number())],
  ['Set<string>', z.set(z.string())],
  ['Record<string, never>', z.strictObject({})],
  ['{ a: string; b?: number | undefined }', z.object({ a: z.string(), b: z.int().optional() })],
  ['{ a?: number }', z.object({ a: z.number().exactOptional() })],
  ["{ 'a-b': string }", z.object({ 'a-b': z.string() })],
  ['{ a: string; [key: string]: unknown }', z.looseObject({ a: z.string() })],
  ['{ a: string } & { b: string }', z.object({ a: z.string() }).and(z.object({ b: z.string() }))],
  ['Readonly<string[]>', z.array(z.string()).readonly()],
  ['Point', Point],
  ['Point | undefined', Point.refine(() => true).optional()],
  ['Point', Point.describe('Where it is.')],
  ['Tree', Tree],
  ['Point', z.custom<z.infer<typeof Point>>().meta({ like: Point })],
  [
    "{ is: 'a'; a: string } | { is: 'b' }",
    z.discriminatedUnion('is', [
      z.object({ is: z.literal('a'), a: z.string() }),
      z.object({ is: z.literal('b') }),
    ]),
  ],
];

const different: [input: string, output: string, schema: z.core.$ZodType][] = [
  ['string | undefined', 'string', z.string().default('')],
  ['string | undefined', 'string', z.string().optional().default('')],
  ['string | undefined', 'string', z.string().prefault('')],
  ['{ a?: string | undefined }', '{ a: string }', z.object({ a: z.string().default('') })],
  ['unknown', 'number', z.coerce.number()],
  ['string', 'string', z.string().catch('')],
  ['string', 'number', z.string().transform(Number).pipe(z.number())],
];

describe('types', () => {
  test.each(sameBothWays)('%s', async (type, schema) => {
    expect(await print(schema, 'input')).toBe(type);
    expect(await print(schema, 'output')).toBe(type);
  });

  test.each(different)('%s before parsing, %s after', async (input, output, schema) => {
    expect(await print(schema, 'input')).toBe(input);
    expect(await print(schema, 'output')).toBe(output);
  });
});

describe('models', () => {
  test('a model is declared once, as an interface when it is an object', () => {
    const printer = new TypePrinter(expect.unreachable);
    expect(printer.print(z.array(Point), 'input', 'data')).toBe('(Point)[]');
    expect(printer.print(Point, 'output', 'data')).toBe('Point');
    expect(printer.printModels()).toBe(
      'export interface Point {\nx: number;\ny?: number | undefined;\n}\n',
    );
  });

  test('a recursive model refers to itself', () => {
    const printer = new TypePrinter(expect.unreachable);
    printer.print(Tree, 'input', 'data');
    expect(printer.printModels()).toBe('export type Tree = {\nchildren: (Tree)[];\n};\n');
  });

  test('descriptions become doc comments, of a field or of a model', () => {
    const Named = z.object({ a: z.string().describe('Of a.').optional() });
    const printer = new TypePrinter(expect.unreachable);
    printer.print(Named.meta({ id: 'Named', description: 'Of */ all.\nTwo lines.' }), 'input', '');
    expect(printer.printModels()).toBe(
      '/**\n * Of *\\/ all.\n * Two lines.\n */\n' +
        'export interface Named {\n/** Of a. */\na?: string | undefined;\n}\n',
    );
  });
});

describe('refused, with the place inside the event', () => {
  const other = z.object({}).meta({ id: 'Point' });

  test.each<[problem: string, schema: z.core.$ZodType]>([
    ['data.a: unsupported schema kind "any"', z.object({ a: z.any() })],
    ['data.a[]: unsupported schema kind "nan"', z.object({ a: z.array(z.nan()).optional() })],
    ['data[1]: unsupported schema kind "symbol"', z.tuple([z.string(), z.symbol()])],
    ['data: unsupported schema kind "custom"; add .meta({ like: schema })', z.custom<string>()],
    ['data: unsupported catchall of kind "string"', z.object({}).catchall(z.string())],
    ['data: the type of a transform is unknown; add .pipe(schema)', z.string().transform(Number)],
    ['data[]: a recursive schema needs a name: add .meta({ id })', Nameless],
    ['data: the id "not a name" cannot name a type', z.string().meta({ id: 'not a name' })],
    ['data: the id "SendEvents" cannot name a type', z.string().meta({ id: 'SendEvents' })],
    ['data.b: another schema has the id "Point" too', z.object({ a: Point, b: other })],
    [
      'data: the model "Late" differs before and after parsing',
      z.string().default('').meta({ id: 'Late' }),
    ],
  ])('%s', (problem, schema) => {
    const problems: string[] = [];
    new TypePrinter((each) => problems.push(each)).print(schema, 'output', 'data');
    expect(problems.join('\n')).toContain(problem);
  });
});

/** The printed type on one line, as the formatter leaves it. */
async function print(schema: z.core.$ZodType, direction: Direction): Promise<string> {
  const source = `type T = ${new TypePrinter(expect.unreachable).print(schema, direction, '')};`;
  const { code } = await format('type.ts', source, {
    printWidth: 320,
    singleQuote: true,
    objectWrap: 'collapse',
  });
  return code.trim().slice('type T = '.length, -';'.length);
}
