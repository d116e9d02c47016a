import { isEventError } from '@parley/client';
import { signToken } from '@parley/server';
import { describe, expect, it } from 'vitest';

import { recordingWebSocket } from './recording-web-socket.ts';
import { impatient, start } from './start.ts';
import { secret } from '../harness.ts';

const chat = { room: 'sales', source: 'web' };

/** What the promise rejects with. */
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

describe('send', () => {
  it('gives the reply, also when asked for before the connection is open', async () => {
    await using parley = await start();
    const events = parley.connect();
    expect(events.status).toEqual({ state: 'connecting' });
    const reply = await events.send('chats:create', chat);
    expect(reply).toMatchObject({ chat: { room: 'sales', status: 'waiting', customerId: 'ann' } });
    expect(reply.chat.createdAt).toBeInstanceOf(Date);
  });

  it('has one effect under one key, and another under another', async () => {
    await using parley = await start();
    const events = parley.connect();
    const {
      chat: { id: chatId },
    } = await events.send('chats:create', chat);
    const data = { chatId, message: 'Hello' };
    const first = await events.send('messages:send', data, { key: 'the-key' });
    const again = await events.send('messages:send', data, { key: 'the-key' });
    const other = await events.send('messages:send', data);
    expect(again).toEqual({ ...first, replayed: true });
    expect(other.message.id).not.toBe(first.message.id);
  });

  it('rejects with VALIDATION and the path of what does not fit', async () => {
    await using parley = await start();
    const error = await rejection(parley.connect().send('chats:create', { ...chat, room: '' }));
    expect(isEventError(error, 'chats:create') && error.code === 'VALIDATION').toBe(true);
    expect(error).toMatchObject({ retryable: false, data: { issues: [{ path: ['room'] }] } });
  });

  it('rejects with the code of the event and its data', async () => {
    await using parley = await start();
    const events = parley.connect();
    const {
      chat: { id },
    } = await events.send('chats:create', chat);
    const error = await rejection(events.send('chats:create', { ...chat, room: 'support' }));
    if (!isEventError(error, 'chats:create') || error.code !== 'CHAT_EXISTS') throw error;
    expect(error.data.chatId).toBe(id);
    expect(error.errorId).toEqual(expect.any(String));
  });

  it('rejects with VALIDATION what cannot be written on the wire, and sends nothing', async () => {
    await using parley = await start();
    const { WebSocket, count } = recordingWebSocket();
    const events = parley.connect({ WebSocket });
    const data = { chatId: 'c_1', message: JSON.parse('{ "constructor": 1 }') };
    expect(await rejection(events.send('messages:send', data))).toMatchObject({
      code: 'VALIDATION',
    });
    expect(count('mutation send.messages:send')).toBe(0);
  });

  it('rejects with the reason of the signal', async () => {
    await using parley = await start();
    const events = parley.connect();
    const reason = new Error('not wanted any more');
    expect(
      await rejection(events.send('chats:create', chat, { signal: AbortSignal.abort(reason) })),
    ).toBe(reason);
    const controller = new AbortController();
    const sent = rejection(events.send('chats:create', chat, { signal: controller.signal }));
    controller.abort(reason);
    expect(await sent).toBe(reason);
  });

  it('is repeated with one effect when the connection is lost before the reply', async () => {
    await using parley = await start();
    const { WebSocket, count } = recordingWebSocket();
    const events = parley.connect({ ...impatient, url: parley.proxy.url, WebSocket });
    await expect.poll(() => events.status.state).toBe('open');
    parley.proxy.hold();
    const sent = events.send('chats:create', chat);
    await expect.poll(() => count('mutation send.chats:create')).toBe(1);
    parley.proxy.cut();
    parley.proxy.mend();
    expect(await sent).toMatchObject({ chat: { customerId: 'ann' } });
    expect(count('mutation send.chats:create')).toBe(2);
    expect((await events.send('users:chats', {})).chats).toHaveLength(1);
  });

  it('rejects with DISCONNECTED when the client is closed before the reply, and from then on', async () => {
    await using parley = await start();
    const events = parley.connect();
    const sent = rejection(events.send('chats:create', chat));
    await events.close();
    expect(await sent).toMatchObject({ code: 'DISCONNECTED' });
    const error = await rejection(events.send('chats:create', chat));
    expect(isEventError(error, 'chats:create') && error.code).toBe('DISCONNECTED');
  });

  it('does not wait for a connection that never opens when the client is closed', async () => {
    await using parley = await start();
    parley.proxy.cut();
    const events = parley.connect({ url: parley.proxy.url });
    const sent = rejection(events.send('chats:create', chat));
    await expect.poll(() => events.status.state).toBe('reconnecting');
    await events.close();
    expect(await sent).toMatchObject({ code: 'DISCONNECTED' });
  });
});

it('does not ask the server for more at once than it takes', async () => {
  const reached: string[] = [];
  await using parley = await start({ onLimit: (name) => reached.push(name) });
  const token = await signToken({ secret, sub: 'backend', role: 'service' });
  const events = parley.connect({ token });
  const creators = Array.from({ length: 100 }, (_, index) => `customer-${index}`);
  const replies = creators.map((creator) => events.send('chats:create', { ...chat, creator }));
  expect((await Promise.all(replies)).map((reply) => reply.chat.customerId)).toEqual(creators);
  expect(reached).toEqual([]);
});
