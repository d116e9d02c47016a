import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { RepositoryCopy } from '../repository-copy.ts';

// Compiling everything takes seconds of two idle processors, and more of busy ones.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const event = 'packages/contract/src/events/ratings-give.ts';
const handler = 'packages/server/src/handlers/ratings-give.ts';

/** A user of the new event, in the directory where everything it needs is installed. */
const client = `
import { connect } from '@parley/client';
import { serve, signToken } from '@parley/server';

const auth = { secret: 'a secret that only this script knows' };
await using server = await serve({ port: 0, store: 'sqlite::memory:', auth });
const token = await signToken({ sub: 'ann', role: 'customer', ...auth });
const events = connect({ url: server.url, token });
const { chat } = await events.send('chats:create', { room: 'sales', source: 'web' });
const { accepted } = await events.send('ratings:give', { chatId: chat.id, stars: 5 });
await events.close();
process.stdout.write(JSON.stringify({ accepted }));
`;

let copy: RepositoryCopy;
let before: Map<string, string>;
let handlerSource: string;

const generate = (...options: string[]) =>
  copy.runNode('packages/cli/src/main.ts', 'generate', ...options);
const build = () => copy.runTool('tsc', '--build');

/** The TypeScript of a document's fenced blocks, without their indentation. */
function codeOf(document: string): string[] {
  return Array.from(document.matchAll(/^( *)```ts\n(.*?)^\1```/gms), ([, indent = '', code = '']) =>
    code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** Adds an event as CONTRIBUTING.md says. */
beforeAll(async () => {
  copy = await RepositoryCopy.create();
  await copy.write('test/client.ts', client);
  before = await copy.files();

  const [eventSource, ...sources] = codeOf(await copy.read('CONTRIBUTING.md'));
  handlerSource = sources[0] ?? '';
  await copy.write(event, eventSource ?? '');
  await copy.write(handler, handlerSource);
  expect(await generate()).toMatchObject({ exitCode: 0 });
  expect(await build()).toEqual({ exitCode: 0, output: '' });
});

afterAll(() => copy[Symbol.asyncDispose]());

test('a new event is two files, and no other is edited by hand', async () => {
  const after = await copy.files();
  const changed = [...after.keys()].filter((path) => after.get(path) !== before.get(path));
  expect(changed.filter((path) => !path.includes('.gen.')).toSorted()).toEqual([event, handler]);
  expect([...before.keys()].filter((path) => !after.has(path))).toEqual([]);
});

test('what is generated is fresh, and what is written is as the checks want it', async () => {
  expect(await generate('--check')).toMatchObject({ exitCode: 0 });
  expect(await copy.runTool('oxfmt', '--check', event, handler)).toMatchObject({ exitCode: 0 });
  expect(await copy.runTool('oxlint', event, handler)).toMatchObject({ exitCode: 0 });
});

test('a running server answers the new event', async () => {
  expect(await copy.runNode('test/client.ts')).toEqual({
    exitCode: 0,
    output: '{"accepted":true}',
  });
});

test('a handler that replies something else does not compile', async () => {
  const wrong = handlerSource.replace('accepted: true', 'accepted: 1');
  expect(wrong).not.toBe(handlerSource);
  await copy.write(handler, wrong);
  const { exitCode, output } = await build();
  expect(exitCode).not.toBe(0);
  expect(output).toContain(`${handler}(`);
  expect(output).toContain("'number' is not assignable to type 'boolean'");
});

test('an event without a handler does not compile, and is named', async () => {
  await copy.remove(handler);
  expect(await generate()).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await build();
  expect(exitCode).not.toBe(0);
  expect(output).toContain("'ratings:give'");
});

test('a handler of an unknown event is refused, and its file is named', async () => {
  const stray = 'packages/server/src/handlers/ratings-take.ts';
  await copy.write(stray, handlerSource);
  const { exitCode, output } = await generate();
  expect(exitCode).toBe(1);
  expect(output).toContain(`${stray}: there is no sendable event in ratings-take.ts`);
});
