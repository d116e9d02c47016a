import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { signToken } from '@parley/server';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { type Identity, secret, startServer } from '../harness.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';
import { Connection } from './connection.ts';
import { intendedDifferences } from './intended-differences.ts';
import { sockets } from './sockets.ts';
import { Names, readExchanges } from './transcript.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFile(resolve(root, file), 'utf8');

const identities: Record<string, Identity> = {
  ann: { sub: 'ann', role: 'customer', name: 'Ann' },
  sue: { sub: 'sue', role: 'supervisor', name: 'Sue' },
  tom: { sub: 'tom', role: 'customer', name: 'Tom' },
  phone: { sub: 'ann', role: 'customer', name: 'Ann' },
};

/** Whose parameters ask for what tRPC's adapter takes no notice of. */
const asksForMore = new Set(['tom', 'phone']);

const WithId = z.object({ id: z.union([z.string(), z.number(), z.null()]) });

/** Plays all exchanges of a document; gives each line that was received, and what it should have been. */
async function play(markdown: string, socket: (typeof sockets)[number]) {
  const environment = createVirtualEnvironment();
  await using opened = new AsyncDisposableStack();
  const { url } = opened.use(await startServer({ socket, environment }));
  const connections = new Map<string, Connection>();
  const names = new Names();
  const received: { expected: unknown; actual: unknown }[] = [];
  for (const { name, lines } of readExchanges(markdown)) {
    const open = async () => opened.use(await Connection.open(`${url}?connectionParams=1`));
    const connection = connections.get(name) ?? (await open());
    connections.set(name, connection);
    const identity = identities[name];
    if (!identity) throw new Error(`There is no ${name}.`);
    const token = await signToken({ ...identity, secret, now: environment.now() });
    for (const { direction, text } of lines) {
      // What only our socket says so is in the table.
      if (socket === 'trpc' && (asksForMore.has(name) || text.startsWith('{"id":6,'))) continue;
      if (direction === 'sent') {
        connection.sendText(names.onWire(text).replaceAll('eyJhbGciOi…', token));
      } else if (text === 'PONG') {
        await connection.heard(text);
        received.push({ expected: text, actual: text });
      } else {
        const expected: unknown = JSON.parse(text);
        const answer = await connection.answer(WithId.parse(expected).id);
        const actual: unknown = JSON.parse(names.inDocument(JSON.stringify(answer)));
        received.push({ expected, actual });
      }
    }
  }
  for (const connection of connections.values()) {
    await connection.ping();
    expect(connection.untaken).toEqual([]);
  }
  return received;
}

describe('docs/protocol.md', async () => {
  const markdown = await read('docs/protocol.md');

  test.each(sockets)('shows what the socket of %s says', async (socket) => {
    const received = await play(markdown, socket);
    expect(received.length).toBeGreaterThan(15);
    expect(received.map(({ actual }) => actual)).toEqual(received.map(({ expected }) => expected));
  });

  test('a wrong line in it is found', async () => {
    const wrong = markdown.replace('"type":"started"', '"type":"begun"');
    const received = await play(wrong, 'parley');
    expect(received.map(({ actual }) => actual)).not.toEqual(
      received.map(({ expected }) => expected),
    );
  });

  test('lists every difference that is meant to be, and no other', () => {
    const table = markdown.slice(markdown.indexOf('| when |'));
    const rows = Array.from(table.matchAll(/^\| (.*) \| (.*) \| (.*) \|$/gm), (row) =>
      row.slice(1),
    );
    expect(rows.slice(1)).toEqual(
      intendedDifferences.map(({ when, trpc, parley }) => [when, trpc, parley]),
    );
  });

  test('lists every code that a connection is closed with', async () => {
    const codes = (await read('packages/server/src/socket/close-codes.ts')).match(
      /\b\d{4}\b(?=,)/g,
    );
    expect(codes?.length).toBeGreaterThanOrEqual(3);
    for (const code of codes ?? []) expect(markdown).toContain(`| ${code} |`);
  });
});
