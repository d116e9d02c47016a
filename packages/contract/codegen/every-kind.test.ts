import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { generate } from './generate.ts';
import { TemporaryContract } from './temporary-contract.ts';

const repository = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

test(
  'what is printed for every kind of schema is what zod infers',
  { timeout: 30_000 },
  async () => {
    await using contract = await TemporaryContract.create({
      'contract/events/every-kind.ts': everyKind,
      'tsconfig.json': `{
      "extends": "${repository}/tsconfig.base.json",
      "compilerOptions": { "composite": false, "emitDeclarationOnly": false, "noEmit": true },
      "include": ["contract"]
    }`,
    });
    await generate({ ...contract, check: false });
    const compile = () => run(join(repository, 'node_modules/.bin/tsc'), ['-p', contract.root]);

    await expect(compile()).resolves.toMatchObject({ stdout: '' });

    const types = await contract.read('contract/types.gen.ts');
    await contract.write('contract/types.gen.ts', types.replace('text: string', 'text: number'));
    await expect(compile()).rejects.toMatchObject({
      stdout: expect.stringContaining('every:kind (send) is not what its schemas say'),
    });
  },
);

const everyKind = `import * as z from 'zod';
import { defineEvent } from '@parley/contract';
const Point = z.object({ x: z.number(), y: z.number().optional() }).meta({ id: 'Point' });
const Node = z.object({ get children() { return z.array(Node); } }).meta({ id: 'Node' });
const Kinds = z.object({
  text: z.string().min(1),
  scalars: z.tuple([z.int(), z.bigint(), z.boolean(), z.date(), z.null(), z.unknown(), z.email()]),
  literals: z.union([z.literal(['a', 1, null]), z.enum(['b', 'c'])]),
  optional: z.string().optional(),
  exact: z.string().exactOptional(),
  nullish: z.date().nullish(),
  defaulted: z.number().optional().default(1),
  prefaulted: z.string().prefault('a'),
  caught: z.boolean().catch(true),
  coerced: z.coerce.number(),
  piped: z.string().transform(Number).pipe(z.number()),
  coded: z.codec(z.string(), z.date(), { decode: (text) => new Date(text), encode: String }),
  array: z.array(z.union([z.string(), z.array(z.number())])),
  tuple: z.tuple([z.string(), z.number().optional()]),
  rest: z.tuple([z.string()], z.number()),
  record: z.record(z.string(), z.number()),
  keyed: z.record(z.enum(['a', 'b']), z.number()),
  partial: z.partialRecord(z.enum(['a', 'b']), z.number()),
  map: z.map(z.string(), z.date()),
  set: z.set(z.string()),
  empty: z.strictObject({}),
  loose: z.looseObject({ a: z.string() }),
  both: z.object({ a: z.string() }).and(z.object({ b: z.string() })),
  either: z.discriminatedUnion('is', [z.object({ is: z.literal(1) }), z.object({ is: z.literal(2) })]),
  frozen: z.object({ list: z.array(z.string()).readonly(), at: z.date().readonly() }).readonly(),
  point: Point.refine(() => true),
  like: z.custom<z.infer<typeof Point>>().meta({ like: Point }).optional(),
  node: Node,
});
export default defineEvent('every:kind', {
  summary: 'Has a field of every kind.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    data: Kinds,
    reply: Kinds,
    errors: [],
    example: {
      text: 'a',
      scalars: [1, 1n, true, new Date(0), null, 1, 'a@b.de'],
      literals: 'a',
      caught: true,
      coerced: 1,
      piped: '1',
      coded: '1970-01-01',
      array: [],
      tuple: ['a'],
      rest: ['a'],
      record: {},
      keyed: { a: 1, b: 2 },
      partial: {},
      map: new Map(),
      set: new Set<string>(),
      empty: {},
      loose: { a: '' },
      both: { a: '', b: '' },
      either: { is: 1 },
      frozen: { list: [], at: new Date(0) },
      point: { x: 1 },
      node: { children: [] },
    },
  },
});`;
