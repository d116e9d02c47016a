import { expect, test } from 'vitest';

import {
  activeChat,
  agent,
  customer,
  expectOneEffect,
  expectUnseen,
  invalidPaths,
  listenAll,
  refusalCode,
  service,
  startServer,
  supervisor,
  type TestUser,
} from '../harness.ts';

test('reading a message reads everything up to it, and everybody in the chat hears so', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const first = await say(bob, chatId, 'One');
  const second = await say(bob, chatId, 'Two');
  const third = await say(bob, chatId, 'Three');
  expect(await unread(ann, chatId)).toBe(3);
  const collectors = await listenAll('messages:read', ann, bob);

  const reply = await ann.send('messages:read', { messageId: second.id });

  expect(reply).toEqual({ readSeq: second.seq, unread: 1 });
  const data = { chatId, userId: 'ann', messageId: second.id, readSeq: second.seq };
  for (const hears of collectors) expect((await hears.next()).data).toEqual(data);
  expect(await unread(ann, chatId)).toBe(1);
  const { chat } = await bob.send('chats:get', { chatId, fields: 'users' });
  expect(chat.users?.map(({ id, readSeq }) => [id, readSeq])).toEqual([
    ['ann', second.seq],
    ['bob', 0],
  ]);
  expect([first.seq, third.seq]).toEqual([second.seq - 1, second.seq + 1]);
});

test('the mark never moves back, and a try is heard by nobody', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const first = await say(bob, chatId, 'One');
  const second = await say(bob, chatId, 'Two');
  await ann.send('messages:read', { messageId: second.id });
  const bobHears = await bob.listen('messages:read');
  const again = { readSeq: second.seq, unread: 0 };
  expect(await ann.send('messages:read', { messageId: first.id })).toEqual(again);
  expect(await ann.send('messages:read', { messageId: second.id })).toEqual(again);
  await bob.caughtUp();
  expect(bobHears.heard).toEqual([]);
});

test("one's own messages are never unread", async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const mine = await say(ann, chatId, 'Hello');
  await say(ann, chatId, 'Anybody there?');
  expect([await unread(ann, chatId), await unread(bob, chatId)]).toEqual([0, 2]);
  expect(await bob.send('messages:read', { messageId: mine.id })).toMatchObject({ unread: 1 });
});

test('what is among agents is neither unread nor readable for the customer', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const { message } = await bob.send('messages:send', {
    chatId,
    message: 'A difficult one',
    visibility: 'agents',
  });
  expect(await unread(ann, chatId)).toBe(0);
  const read = (messageId: string) => ann.send('messages:read', { messageId });
  await expectUnseen(read(message.id), read(`${chatId}.99`));
});

test('a back end that reads for a customer counts what the customer sees', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const first = await say(bob, chatId, 'One');
  await say(bob, chatId, 'Two');
  await bob.send('messages:send', { chatId, message: 'Secret', visibility: 'agents' });
  const backend = await service(server);
  const reply = await backend.send('messages:read', { messageId: first.id, userId: 'ann' });
  expect(reply).toEqual({ readSeq: first.seq, unread: 1 });
});

test("a watcher's marks are told to nobody else", async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  await sue.send('chats:join', { chatId, as: 'watcher' });
  const first = await say(ann, chatId, 'Hello');
  const [annHears, bobHears] = await listenAll('messages:read', ann, bob);
  const sueHears = await sue.listen('messages:read');
  await sue.send('messages:read', { messageId: first.id });
  expect((await sueHears.next()).data).toMatchObject({ userId: 'sue' });
  await Promise.all([ann.caughtUp(), bob.caughtUp()]);
  expect([annHears.heard, bobHears.heard]).toEqual([[], []]);
});

test('whoever leaves and comes back has still read what was read', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const first = await say(ann, chatId, 'One');
  await say(ann, chatId, 'Two');
  await bob.send('messages:read', { messageId: first.id });
  await bob.send('chats:leave', { chatId });
  await bob.send('chats:join', { chatId });
  expect(await unread(bob, chatId)).toBe(1);
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const read = (data: unknown) => invalidPaths(ann.sendUnchecked('messages:read', data));
  expect(await read({ messageId: 2, userId: '' })).toEqual(['messageId', 'userId']);
  expect(await read({ messageId: 'c_1.2', readSeq: 2 })).toEqual(['']);
});

test('a message of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const first = await say(bob, chatId, 'Hello');
  const eve = await customer(server, 'eve');
  const read = (messageId: string) => eve.send('messages:read', { messageId });
  await expectUnseen(read(first.id), read('c_unknown.1'));
  expect(await refusalCode(read('no message id'))).toBe('NOT_FOUND');
});

test('what is not a message is not read', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const read = (seq: number) => ann.send('messages:read', { messageId: `${chatId}.${seq}` });
  expect(await refusalCode(read(1))).toBe('NOT_FOUND');
  expect(await refusalCode(read(99))).toBe('NOT_FOUND');
});

test('whoever is not in the chat has no mark to move', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const first = await say(bob, chatId, 'Hello');
  const cat = await agent(server, 'cat');
  expect(await refusalCode(cat.send('messages:read', { messageId: first.id }))).toBe('FORBIDDEN');
});

test('only services and supervisors read for somebody else', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const first = await say(bob, chatId, 'Hello');
  for (const [user, userId] of [
    [ann, 'bob'],
    [bob, 'ann'],
  ] as const) {
    const read = user.send('messages:read', { messageId: first.id, userId });
    expect(await refusalCode(read)).toBe('FORBIDDEN');
  }
  const backend = await service(server);
  await backend.send('messages:read', { messageId: first.id, userId: 'ann' });
  expect(await unread(ann, chatId)).toBe(0);
});

test('a repeat under the same key reads once', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const first = await say(bob, chatId, 'One');
  const second = await say(bob, chatId, 'Two');
  const bobHears = await bob.listen('messages:read');
  await expectOneEffect(ann, 'messages:read', { messageId: first.id }, { messageId: second.id });
  await bob.caughtUp();
  expect(bobHears.heard).toHaveLength(1);
});

async function say(user: TestUser, chatId: string, message: string) {
  return (await user.send('messages:send', { chatId, message })).message;
}

async function unread(user: TestUser, chatId: string): Promise<number> {
  return (await user.send('chats:get', { chatId })).chat.unread;
}

test('a mark on what is among agents is not shown to the customer', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const annHears = await ann.listen('messages:read');
  const bobHears = await bob.listen('messages:read');
  const note = { chatId, message: 'She is a regular.', visibility: 'agents' } as const;
  const { message } = await bob.send('messages:send', note);
  await bob.send('messages:read', { messageId: message.id });
  expect((await bobHears.next()).data.messageId).toBe(message.id);
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});
