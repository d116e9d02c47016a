import { connect, type Events, isEventError, type Occurrence } from '@parley/client';
import { fakeParley, fixtures } from '@parley/client/testing';
import { serve, signToken } from '@parley/server';
import { expect, test } from 'vitest';

import { startProxy } from './proxy.ts';

/** A server, and Ann's client of it. */
interface Stage extends AsyncDisposable {
  events: Events;
  drop(): unknown;
  reconnect(): unknown;
}

const secret = 'a secret that only this test knows';

async function openReal(): Promise<Stage> {
  const server = await serve({ port: 0, store: 'sqlite::memory:', auth: { secret } });
  const proxy = await startProxy(server.url);
  const token = await signToken({ sub: 'ann', role: 'customer', name: 'Ann', secret });
  const events = connect({ url: proxy.url, token });
  return {
    events,
    drop: proxy.cut,
    reconnect: proxy.mend,
    async [Symbol.asyncDispose]() {
      await events.close();
      await proxy[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

/** The server in memory, with as much of a mind as the scene needs. */
async function openFake(): Promise<Stage> {
  const by = { id: 'ann', role: 'customer' } as const;
  const { chat } = fixtures.listen['chats:create'].data;
  const parley = fakeParley({
    async 'chats:create'({ key = '', refuse }) {
      if (parley.sent('chats:create').length > 1) refuse('CHAT_EXISTS', { chatId: chat.id });
      await parley.fire('chats:create', { chat }, { by, cause: key });
      return { chat };
    },
    async 'chats:close'({ data: { chatId }, key = '' }) {
      const reason = 'customer-left';
      await parley.fire('chats:close', { chatId, userId: 'ann', reason }, { by, cause: key });
      return { chat, closed: true };
    },
  });
  return Object.assign(parley, { events: parley.connect('ann') });
}

/** All that Ann sees of a scene, without what is another each time. */
async function play({ events, drop, reconnect }: Stage) {
  const heard: string[] = [];
  const states: string[] = [events.status.state];
  const hear = (_: unknown, occurrence: Occurrence) =>
    heard.push(`${occurrence.name}: ${Object.keys(occurrence).toSorted().join()}`);
  events.onStatus(({ state }) => {
    if (states.at(-1) !== state) states.push(state);
  });
  events.subscribe('chats:create', hear);
  events.subscribe('chats:close', hear);
  const data = { room: 'sales', source: 'web' };

  const { chat } = await events.send('chats:create', data, { key: 'k' });
  const { replayed } = await events.send('chats:create', data, { key: 'k' });
  const refusal: unknown = await events.send('chats:create', data).catch((error) => error);
  if (!isEventError(refusal, 'chats:create') || refusal.code !== 'CHAT_EXISTS') throw refusal;
  const { code, message, retryable, event } = refusal;
  await expect.poll(() => heard.length).toBe(1);

  await drop();
  await expect.poll(() => events.status.state).toBe('reconnecting');
  const closing = events.send('chats:close', { chatId: chat.id });
  await reconnect();
  const { closed } = await closing;
  await expect.poll(() => heard.length).toBe(2);
  const namesItsChat = refusal.data.chatId === chat.id;
  const { userId } = events;
  return { replayed, code, message, retryable, event, namesItsChat, closed, heard, states, userId };
}

test('a client sees no difference between the server in memory and the real one', async () => {
  await using fake = await openFake();
  const seen = await play(fake);
  await using real = await openReal();
  expect(seen).toMatchObject({ replayed: true, code: 'CHAT_EXISTS', closed: true, userId: 'ann' });
  expect(await play(real)).toEqual(seen);
});
