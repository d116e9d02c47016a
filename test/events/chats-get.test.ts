import { expect, test } from 'vitest';

import {
  activeChat,
  agent,
  customer,
  expectUnseen,
  invalidPaths,
  refusalCode,
  service,
  startChat,
  startServer,
  type TestUser,
} from '../harness.ts';

test('a chat comes with its state alone unless more is asked for', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const { chat, cursor } = await ann.send('chats:get', { chatId });
  expect(chat).toEqual({
    id: chatId,
    room: 'sales',
    source: 'web',
    status: 'active',
    customerId: 'ann',
    agentId: 'bob',
    createdAt: expect.any(Date),
    unread: 0,
    activity: [],
  });
  expect(Number(cursor)).toBeGreaterThan(0);
});

test('users, watchers and history come as asked, also with spaces between', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const { message } = await ann.send('messages:send', { chatId, message: 'Hello' });
  const fields = 'users, watchers ,history';
  const { chat } = await bob.send('chats:get', { chatId, fields });
  const joinedAt = expect.any(Date);
  expect(chat.users).toEqual([
    { id: 'ann', name: 'Ann', role: 'customer', as: 'member', joinedAt, readSeq: 0 },
    { id: 'bob', name: 'Bob', role: 'agent', as: 'member', joinedAt, readSeq: 0 },
  ]);
  expect(chat.watchers).toEqual([]);
  expect(chat.history).toEqual([message]);
  expect(chat.unread).toBe(1);
  const alone = await bob.send('chats:get', { chatId, fields: 'history' });
  expect(alone.chat).not.toHaveProperty('users');
});

test('history has the newest 50 messages unless told, and pages back by message', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      ann.send('messages:send', { chatId, message: `Message ${index}` }),
    ),
  );
  const newest = await history(bob, chatId);
  expect(newest).toHaveLength(50);
  const older = await history(bob, chatId, { before: newest[0]?.id });
  expect(older).toHaveLength(10);
  const seqs = [...older, ...newest].map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.toSorted((one, other) => one - other));
  expect(await history(bob, chatId, { before: older[0]?.id })).toEqual([]);
  expect(await history(bob, chatId, { before: newest[5]?.id, limit: 3 })).toEqual(
    newest.slice(2, 5),
  );
});

test('a page before a message that is not there is refused', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const { chat } = await ann.send('chats:get', { chatId });
  for (const before of [`${chat.id}.99`, 'c_other.1', 'no message']) {
    const page = ann.send('chats:get', { chatId, fields: 'history', before });
    expect(await refusalCode(page)).toBe('NOT_FOUND');
  }
});

test('customers never get what is among agents', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const secret = { chatId, message: 'A difficult one', visibility: 'agents' } as const;
  const { message: hidden } = await bob.send('messages:send', secret);
  const { message: shown } = await bob.send('messages:send', { chatId, message: 'Hello' });
  expect(await history(bob, chatId)).toEqual([hidden, shown]);
  expect(await history(ann, chatId)).toEqual([shown]);
  expect((await ann.send('chats:get', { chatId })).chat.unread).toBe(1);
  const before = (id: string) => ann.send('chats:get', { chatId, fields: 'history', before: id });
  await expectUnseen(before(hidden.id), before(`${chatId}.99`));
});

test('subscribing from the cursor misses nothing of what came after and repeats nothing of what is there', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sends = Array.from({ length: 40 }, (_, index) =>
    bob.send('messages:send', { chatId, message: `Message ${index}` }),
  );
  const { chat, cursor } = await ann.send('chats:get', { chatId, fields: 'history', limit: 200 });
  const hears = await ann.listen('messages:new', { lastEventId: cursor });
  await Promise.all(sends);
  await ann.caughtUp();
  const seen = [...(chat.history ?? []), ...hears.data.map(({ message }) => message)];
  const told = seen.map(({ message }) => message);
  expect(told).toEqual(Array.from({ length: 40 }, (_, index) => `Message ${index}`));
});

test('an agent sees the chats of the room, and an invited one the chat of the invitation', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const bob = await agent(server, 'bob', { rooms: ['sales', 'support'] });
  const chatId = await startChat(ann);
  expect((await bob.send('chats:get', { chatId })).chat.id).toBe(chatId);
  await ann.send('chats:assign', { chatId });
  await bob.send('agents:login', { rooms: ['support'] });
  expect((await bob.send('chats:get', { chatId })).chat.id).toBe(chatId);
});

test('a back end sees every chat', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const backend = await service(server);
  expect((await backend.send('chats:get', { chatId })).chat.id).toBe(chatId);
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const get = (data: object) =>
    invalidPaths(ann.sendUnchecked('chats:get', { chatId: 'c_1', ...data }));
  expect(await get({ fields: 'users,secrets' })).toEqual(['fields']);
  expect(await get({ fields: '', limit: 0, before: 3 })).toEqual(['fields', 'before', 'limit']);
  expect(await get({ limit: 201 })).toEqual(['limit']);
  expect(await get({ userId: 'ann' })).toEqual(['']);
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const strangers = [
    await customer(server, 'eve'),
    await agent(server, 'cat', { rooms: ['support'] }),
  ];
  for (const user of strangers) {
    const get = (id: string) => user.send('chats:get', { chatId: id });
    await expectUnseen(get(chatId), get('c_unknown'));
  }
});

async function history(
  user: TestUser,
  chatId: string,
  page: { before?: string | undefined; limit?: number } = {},
) {
  const { chat } = await user.send('chats:get', { chatId, fields: 'history', ...page });
  return chat.history ?? [];
}
