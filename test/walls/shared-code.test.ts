import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { listenEventNames, sendEventNames } from '@parley/contract/names';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** What serves every event alike. */
const shared = [
  // The Chat object, in src/chats, wraps the events of chats and names them.
  'packages/client/src/{,testing/}*.ts',
  'packages/cli/src/**/*.ts',
  'packages/contract/codegen/**/*.ts',
  'packages/contract/src/*.ts',
  'packages/playground/src/**/*.{ts,tsx}',
  'packages/server/src/{access,http,hub,log,observe,socket}/**/*.ts',
  'packages/server/src/{chats,define-handler,dispatch,router,serve,shape-error}.ts',
];

/** What a new event's test is made from has people come into a chat. */
const notShared = /\.(test|test-d|gen)\.|codegen\/new-event\/print-/;

const names = [...new Set<string>([...sendEventNames, ...listenEventNames])];
const naming = new RegExp(`['"](${names.join('|')})['"]|@parley/contract/events/[\\w-]+`, 'g');

const namesIn = (source: string) => source.match(naming) ?? [];

test('shared code never names an event', async () => {
  const paths = globSync(shared, { cwd: root }).filter((path) => !notShared.test(path));
  expect(paths.length).toBeGreaterThan(50);

  const named = await Promise.all(
    paths.map(
      async (path) => [path, namesIn(await readFile(resolve(root, path), 'utf8'))] as const,
    ),
  );
  expect(named.filter(([, found]) => found.length > 0)).toEqual([]);
});

test.each([
  ["if (event.name === 'messages:new') return;"],
  ["import chatsJoin from '@parley/contract/events/chats-join';"],
  ["const row = await run(`SELECT 1 FROM event WHERE name = 'chats:close'`);"],
])('an event is named by %s', (source) => {
  expect(namesIn(source)).toHaveLength(1);
});
