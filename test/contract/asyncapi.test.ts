import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { Parser } from '@asyncapi/parser';
import { listenEventNames, sendEventNames } from '@parley/contract/names';
import { expect, test } from 'vitest';

const text = await readFile(
  fileURLToPath(import.meta.resolve('@parley/contract/asyncapi.json')),
  'utf8',
);

/** What AsyncAPI's own parser finds wrong; that there is a newer version of it does not count. */
async function findProblems(source: string): Promise<string[]> {
  const { diagnostics } = await new Parser().parse(source);
  return diagnostics
    .filter(({ code }) => code !== 'asyncapi-latest-version')
    .map(({ message, path }) => `${path.join('.')}: ${message}`);
}

test("the AsyncAPI document is right to AsyncAPI's own parser", async () => {
  expect(await findProblems(text)).toEqual([]);
});

test('it has an operation per event that is sent and per event that is heard', async () => {
  const { document } = await new Parser().parse(text);
  const titles = (action: 'send' | 'receive') =>
    document
      ?.operations()
      .filter((operation) => operation.action() === action)
      .map((operation) => operation.channels()[0]?.address());
  expect(titles('receive')).toEqual(sendEventNames.map((name) => `send.${name}`));
  expect(titles('send')).toEqual(listenEventNames.map((name) => `listen.${name}`));
});

test('who may send, who hears, what it may be refused with and what is kept are in it', async () => {
  const { operations } = JSON.parse(text);
  expect(operations['send.chats-create']).toMatchObject({
    'x-parley-by': ['customer', 'agent', 'supervisor', 'service'],
    'x-parley-effect': 'durable',
    'x-parley-errors': ['FORBIDDEN', 'CHAT_EXISTS'],
  });
  expect(operations['listen.chats-create']).toMatchObject({
    'x-parley-audience': ['chat', 'room'],
    'x-parley-durable': true,
  });
});

test('a date is text in the form of a date and time', () => {
  const { components } = JSON.parse(text);
  expect(components.schemas.Chat.properties.createdAt).toEqual({
    type: 'string',
    format: 'date-time',
  });
});

test.each([
  ['a reference that leads nowhere', '#/components/schemas/Chat"', '#/components/schemas/Chatt"'],
  ['an action that there is not', '"action": "receive"', '"action": "hear"'],
])('%s would be found', async (_, right, wrong) => {
  expect(text).toContain(right);
  expect(await findProblems(text.replace(right, wrong))).not.toEqual([]);
});
