import { stripVTControlCharacters } from 'node:util';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { type Ended, RepositoryCopy } from '../repository-copy.ts';

// Compiling everything takes seconds of two idle processors, and more of busy ones.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const parley = (...words: string[]) => copy.runNode('packages/cli/src/main.ts', ...words);
const eventNew = (...words: string[]) => parley('event', 'new', ...words);

const written = [
  'examples/surveys/contract/events/surveys-remind.ts',
  'examples/surveys/server/handlers/surveys-remind.ts',
  'examples/surveys/test/surveys-remind.test.ts',
  'packages/contract/src/events/tickets-open.ts',
  'packages/contract/src/events/tickets-spoil.ts',
  'packages/server/src/handlers/tickets-open.ts',
  'test/events/tickets-open.refusals.ts',
  'test/events/tickets-open.test.ts',
  'test/events/tickets-spoil.test.ts',
];
const tests = [...written.filter((path) => path.endsWith('.test.ts')), 'test/events/every-refusal'];

let copy: RepositoryCopy;
let before: Map<string, string>;
let after: Map<string, string>;

/** One event of the core that is sent and heard, one that is only heard, and one of another package. */
beforeAll(async () => {
  copy = await RepositoryCopy.create();
  before = await copy.files();
  const done = { exitCode: 0 };
  const sent = ['--send', '--listen', '--by', 'customer,agent', '--audience', 'agents'];
  expect(await eventNew('tickets:open', ...sent, '--summary', 'Opens.')).toMatchObject(done);
  const heard = ['--listen', '--audience', 'room', '--ephemeral'];
  expect(await eventNew('tickets:spoil', ...heard)).toMatchObject(done);
  const own = ['--package', 'examples/surveys/contract', '--send', '--listen'];
  expect(await eventNew('surveys:remind', ...own)).toMatchObject(done);
  after = await copy.files();
});

afterAll(() => copy[Symbol.asyncDispose]());

test('no file that is written by hand changes, beside those of the event', () => {
  const changed = [...after.keys()].filter((path) => after.get(path) !== before.get(path));
  expect(changed.filter((path) => !path.includes('.gen.')).toSorted()).toEqual(written);
  expect([...before.keys()].filter((path) => !after.has(path))).toEqual([]);
});

test.each([
  ['packages/contract/src/types.gen.ts', "'tickets:open': {"],
  ['packages/contract/src/names.gen.ts', "'tickets:spoil'"],
  ['packages/contract/src/types.gen.test-d.ts', 'typeof ticketsOpen'],
  ['packages/server/src/handlers.gen.ts', "'tickets:open': ticketsOpen"],
  ['packages/contract/contract.gen.json', '"tickets:open": {'],
  ['packages/contract/asyncapi.gen.json', '"send.tickets-open": {'],
  ['docs/events.gen.md', 'tickets:spoil'],
  ['examples/surveys/contract/types.gen.ts', "'surveys:remind': {"],
  ['examples/surveys/server/handlers.gen.ts', "'surveys:remind': surveysRemind"],
  ['examples/surveys/contract/events.gen.md', 'surveys:remind'],
])('%s has %s', (path, text) => {
  expect(after.get(path)).toContain(text);
  expect(before.get(path)).not.toContain(text);
});

test('everything is generated, formatted and compiles, and lint has nothing to say', async () => {
  const good: Partial<Ended> = { exitCode: 0 };
  expect(await parley('generate', '--check')).toMatchObject(good);
  expect(await copy.runTool('oxfmt', '--check', ...written)).toMatchObject(good);
  expect(await copy.runTool('oxlint', ...written)).toMatchObject(good);
  expect(await copy.runTool('tsc', '--build')).toEqual({ exitCode: 0, output: '' });
});

test('the tests pass as they were written', async () => {
  const { exitCode, output } = await copy.runTool('vitest', 'run', ...tests);
  expect(output).toContain('surveys-remind.test.ts');
  expect(stripVTControlCharacters(output)).toContain('Test Files  4 passed');
  expect(exitCode).toBe(0);
});

test.each([
  [['Tickets', '--send'], 'take one like chats:join'],
  [['chats:join', '--send'], 'packages/contract/src/events/chats-join.ts: it is there already.'],
  [['tickets:close'], 'with --send, --listen or both'],
  [['tickets:close', '--send', '--by', 'everybody'], '--by lists some of customer,agent'],
  [['tickets:close', '--listen', '--audience', 'world'], '--audience is one of chat, agents'],
  [['tickets:close', '--send', '--package', 'nowhere'], 'packages/contract/src, examples/surveys'],
])('parley event new %j is refused, and nothing is written', async (words, sentence) => {
  const { exitCode, output } = await eventNew(...words);
  expect(exitCode).toBeGreaterThan(0);
  expect(output).toContain(sentence);
  expect((await copy.files()).size).toBe(after.size);
});
