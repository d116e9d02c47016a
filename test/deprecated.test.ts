import { connect, type ListenEvents, type SendEvents, type Status } from '@parley/client';
import { defineEvent } from '@parley/contract';
import { defineHandler, signToken } from '@parley/server';
import { expect, test } from 'vitest';
import * as z from 'zod';

import { Connection } from './conformance/connection.ts';
import { patiently, secret, startServer } from './harness.ts';
import { startProxy } from './client/proxy.ts';

const chatsTag = defineEvent('chats:tag', {
  summary: 'A chat gets a word to find it by.',
  deprecated: { since: '0.2.0', use: 'chats:label' },
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    data: z.strictObject({ word: z.string().max(64) }),
    reply: z.strictObject({ tagged: z.boolean() }),
    errors: [],
    example: { word: 'refund' },
  },
  listen: {
    audience: ['user'],
    durable: false,
    data: z.strictObject({ word: z.string() }),
    example: { word: 'refund' },
  },
});

const tag = defineHandler(chatsTag, async () => ({ tagged: true }));

type Tag = { data: { word: string }; reply: { tagged: boolean }; errors: object };
type Sent = SendEvents & { 'chats:tag': Tag };
type Heard = ListenEvents & { 'chats:tag': { data: { word: string }; durable: false } };

const deprecated = [{ event: 'chats:tag', since: '0.2.0', use: 'chats:label' }];

async function open() {
  const opened = new AsyncDisposableStack();
  const server = opened.use(await startServer({ events: [chatsTag], handlers: [tag] }));
  const token = await signToken({ sub: 'ann', role: 'customer', secret });
  return { server, token, opened };
}

test('who uses an event that is on its way out sees so in the status, also on the next connection', async () => {
  const { server, token, opened } = await open();
  await using _ = opened;
  const proxy = opened.use(await startProxy(server.url));
  const events = opened.use(connect<Sent, Heard>({ url: proxy.url, token: () => token }));
  const told: Status[] = [];
  events.onStatus((status) => told.push(status));
  await events.send('users:chats', {});
  expect(events.status).toEqual({ state: 'open' });

  await events.send('chats:tag', { word: 'refund' });
  await expect.poll(() => events.status, patiently).toEqual({ state: 'open', deprecated });
  events.subscribe('chats:tag', () => {});
  await events.send('chats:tag', { word: 'refund' });
  await events.send('users:chats', {});
  expect(told.filter((status) => 'deprecated' in status)).toHaveLength(1);

  proxy.cut();
  await expect.poll(() => events.status.state, patiently).toBe('reconnecting');
  proxy.mend();
  await expect.poll(() => events.status, patiently).toEqual({ state: 'open', deprecated });
});

test('uses of it are counted', async () => {
  const { server, token, opened } = await open();
  await using _ = opened;
  const events = opened.use(connect<Sent, Heard>({ url: server.url, token }));
  await events.send('chats:tag', { word: 'refund' });
  await events.send('chats:tag', { word: 'returned' });
  const metrics = await (await fetch(`${server.address}/metrics`)).text();
  expect(metrics).toContain('parley_deprecated_total{event="chats:tag"} 2');
});

test('who does not ask for notices gets none', async () => {
  const { server, token, opened } = await open();
  await using _ = opened;
  const connection = opened.use(await Connection.open(`${server.url}?connectionParams=1`));
  connection.send({ method: 'connectionParams', data: { token } });
  const params = { path: 'send.chats:tag', input: { json: { data: { word: 'refund' } } } };
  connection.send({ id: 1, method: 'mutation', params });
  expect(await connection.answer(1)).toMatchObject({ result: { type: 'data' } });
  expect(connection.frames).toHaveLength(1);
});
