import { describe, expect, test } from 'vitest';

import { ContractError } from './contract-error.ts';
import { generate, type ParleyConfig } from './generate.ts';
import { TemporaryContract, writeEvent } from './temporary-contract.ts';

const path = 'contract/events/chats-ask.ts';

describe('a bad event is told with its file', () => {
  test.each<[problem: string, source: string]>([
    ['cannot be loaded: write `export default defineEvent(…)`', 'export const event = {};'],
    ['cannot be loaded: out of order', "throw new Error('out of order');"],
    ['cannot be loaded: name: expected one like chats:join', writeEvent('ask')],
    [
      'cannot be loaded: send.reply: expected a zod schema',
      writeEvent('chats:ask', { reply: '{}' }),
    ],
    ['the event "chats:tell" belongs in chats-tell.ts', writeEvent('chats:tell')],
    [
      'neither sent nor heard',
      "export default { name: 'chats:ask', summary: 'Nothing.', send: undefined, listen: undefined };",
    ],
    ['send.example is missing', writeEvent('chats:ask', { example: 'undefined' })],
    [
      'listen.example is missing',
      writeEvent('chats:ask', {
        listen: "{ audience: ['chat'], durable: true, data: z.strictObject({}) }",
      }),
    ],
    ['send.example.chatId does not parse', writeEvent('chats:ask', { example: '{ chatId: 1 }' })],
    [
      'send.example cannot be parsed: Error: never',
      writeEvent('chats:ask', {
        data: "z.string().refine(() => { throw new Error('never'); })",
        example: "''",
      }),
    ],
    ['add FORBIDDEN to send.errors', writeEvent('chats:ask', { by: "['agent']" })],
    [
      'what only counts now cannot wait',
      writeEvent('chats:ask', { errors: "[], effect: 'ephemeral', queueable: true" }),
    ],
    [
      'add FORBIDDEN to send.errors',
      writeEvent('chats:ask', { data: 'z.strictObject({ userId: z.string() })' }),
    ],
    [
      'cannot be loaded: deprecated.since: expected a version like 0.2.0',
      writeEvent('chats:ask', { decisions: "deprecated: { since: 'soon' }," }),
    ],
    [
      'deprecated.use names "chats:tell"; name another event that there is',
      writeEvent('chats:ask', {
        decisions: "deprecated: { since: '0.2.0', use: 'chats:tell' },",
      }),
    ],
    [
      'send.reply.all[]: unsupported schema kind "any"',
      writeEvent('chats:ask', { reply: 'z.strictObject({ all: z.array(z.any()) })' }),
    ],
  ])('%s', async (problem, source) => {
    await using contract = await TemporaryContract.create({ [path]: source });
    const problems = await findProblems(contract);
    expect(problems.find((each) => each.includes(problem))).toMatch(`${path}: `);
  });
});

test('a handler without a sendable event is told with its file', async () => {
  await using contract = await TemporaryContract.create({
    [path]: writeEvent('chats:ask'),
    'server/handlers/chats-tell.ts': 'export default {};',
  });
  expect(await findProblems(contract)).toEqual([
    'server/handlers/chats-tell.ts: there is no sendable event in chats-tell.ts; rename or remove the handler.',
  ]);
});

test('a package without events is told with its directory', async () => {
  await using contract = await TemporaryContract.create({});
  expect(await findProblems(contract)).toEqual([
    'contract/events: there is no such directory; correct parley.config.ts.',
  ]);
});

test('an event of two packages is told with both files', async () => {
  await using contract = await TemporaryContract.create({
    [path]: writeEvent('chats:ask'),
    'survey/events/chats-ask.ts': writeEvent('chats:ask'),
  });
  const packages = [...contract.packages, { contract: 'survey', handlers: 'survey' }];
  expect(await findProblems({ root: contract.root, packages })).toEqual([
    `survey/events/chats-ask.ts: the event "chats:ask" is in ${path} too; remove one of them.`,
  ]);
});

test('all problems are told at once, and nothing is written', async () => {
  await using contract = await TemporaryContract.create({
    [path]: writeEvent('chats:ask', { by: "['agent']", example: '{}' }),
    'contract/events/chats-tell.ts': writeEvent('chats:other', { reply: 'z.any()' }),
  });
  expect(await findProblems(contract)).toHaveLength(4);
  await expect(contract.read('contract/events.gen.ts')).rejects.toThrow('ENOENT');
});

async function findProblems(
  deployment: ParleyConfig & { root: string },
): Promise<readonly string[]> {
  const error: unknown = await generate({ ...deployment, check: false }).catch((thrown) => thrown);
  if (!(error instanceof ContractError)) throw new Error('Nothing is wrong.', { cause: error });
  return error.problems;
}
