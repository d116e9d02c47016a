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
  startChat,
  startServer,
  supervisor,
} from '../harness.ts';

test('a message reaches everybody in the chat, also the own other connections', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const [laptop, eve] = [await customer(server, 'ann'), await customer(server, 'eve')];
  const sue = await supervisor(server);
  const collectors = await listenAll('messages:new', ann, laptop, bob, sue);
  const eveHears = await eve.listen('messages:new');

  const { message } = await ann.send('messages:send', { chatId, message: 'Hello' });

  const { seq } = message;
  expect(message).toEqual({
    id: `${chatId}.${seq}`,
    chatId,
    seq,
    sender: { id: 'ann', name: 'Ann', role: 'customer' },
    type: 'text',
    message: 'Hello',
    visibility: 'all',
    created: expect.any(Date),
  });
  for (const hears of collectors) {
    expect(await hears.next()).toEqual({
      name: 'messages:new',
      position: expect.any(Number),
      seq,
      chatId,
      at: message.created,
      by: { id: 'ann', role: 'customer' },
      data: { message },
    });
  }
  await eve.caughtUp();
  expect(eveHears.heard).toEqual([]);
});

test("only the sender's own connections learn the key of the send", async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const laptop = await customer(server, 'ann');
  const [annHears, laptopHears, bobHears] = await listenAll('messages:new', ann, laptop, bob);
  await ann.send('messages:send', { chatId, message: 'Hello' }, 'my-key');
  const causes = [annHears, laptopHears, bobHears].map(async (each) => (await each.next()).cause);
  expect(await Promise.all(causes)).toEqual(['my-key', 'my-key', undefined]);
});

test('an object is a message too', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const annHears = await ann.listen('messages:new');
  const message = { form: 'rating', options: [1, 2, 3], deep: { yes: true, no: null } };
  await bob.send('messages:send', { chatId, message, type: 'object' });
  expect((await annHears.next()).data.message).toMatchObject({ type: 'object', message });
});

test('what agents write among themselves never reaches the customer', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  await sue.send('chats:join', { chatId, as: 'watcher' });
  const [annHears, bobHears, sueHears] = await listenAll('messages:new', ann, bob, sue);
  await bob.send('messages:send', { chatId, message: 'Secret', visibility: 'agents' });
  await bob.send('messages:send', { chatId, message: 'Hello' });
  for (const hears of [bobHears, sueHears]) {
    expect((await hears.next()).data.message).toMatchObject({
      message: 'Secret',
      visibility: 'agents',
    });
  }
  expect((await annHears.next()).data.message.message).toBe('Hello');
  const replay = await ann.listen('messages:new', { lastEventId: '0' });
  expect((await replay.next()).data.message.message).toBe('Hello');
});

test('seqs are dense within a chat and positions rise for everybody', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const [annHears, bobHears] = await listenAll('messages:new', ann, bob);
  const texts = Array.from({ length: 20 }, (_, index) => `Message ${index}`);
  await Promise.all(texts.map((message) => ann.send('messages:send', { chatId, message })));
  const heard = await annHears.take(20);
  expect(heard.map(({ data }) => data.message.message)).toEqual(texts);
  const [first] = heard;
  expect(heard.map(({ seq }) => seq)).toEqual(texts.map((_, index) => (first?.seq ?? 0) + index));
  expect(await bobHears.take(20)).toEqual(heard);
});

test('a waiting chat takes messages', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const chatId = await startChat(ann);
  const { message } = await ann.send('messages:send', { chatId, message: 'Anybody there?' });
  expect(message.chatId).toBe(chatId);
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const send = (data: object) =>
    invalidPaths(ann.sendUnchecked('messages:send', { chatId: 'c_1', message: 'Hello', ...data }));
  expect(await send({ chatId: 1, message: '' })).toEqual(['chatId', 'message']);
  expect(await send({ message: 'x'.repeat(8193) })).toEqual(['message']);
  expect(await send({ message: { much: 'x'.repeat(8192) }, type: 'object' })).toEqual(['message']);
  expect(await send({ type: 'object' })).toEqual(['type']);
  expect(await send({ message: { a: 1 } })).toEqual(['type']);
  expect(await send({ visibility: 'nobody' })).toEqual(['visibility']);
  expect(await send({ sender: 'bob' })).toEqual(['']);
});

test('a message of the longest text goes through', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const message = 'x'.repeat(8192);
  const reply = await ann.send('messages:send', { chatId, message });
  expect(reply.message.message).toBe(message);
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const strangers = [
    await customer(server, 'eve'),
    await agent(server, 'cat', { rooms: ['support'] }),
  ];
  for (const user of strangers) {
    const send = (id: string) => user.send('messages:send', { chatId: id, message: 'Hello' });
    await expectUnseen(send(chatId), send('c_unknown'));
  }
});

test('only members and services write, and customers not among agents', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const [cat, sue] = [await agent(server, 'cat'), await supervisor(server)];
  const backend = await service(server);
  await sue.send('chats:join', { chatId, as: 'watcher' });
  const data = { chatId, message: 'Hello' };
  for (const user of [cat, sue]) {
    expect(await refusalCode(user.send('messages:send', data))).toBe('FORBIDDEN');
  }
  const secret = ann.send('messages:send', { ...data, visibility: 'agents' });
  expect(await refusalCode(secret)).toBe('FORBIDDEN');
  const { message } = await backend.send('messages:send', data);
  expect(message.sender).toEqual({ id: 'backend', role: 'service' });
});

test('a closed chat takes no message', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  await bob.send('chats:close', { chatId });
  const send = ann.send('messages:send', { chatId, message: 'Wait' });
  expect(await refusalCode(send)).toBe('CHAT_CLOSED');
});

test('a repeat under the same key is one message', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const bobHears = await bob.listen('messages:new');
  const data = { chatId, message: 'Hello' };
  await expectOneEffect(ann, 'messages:send', data, { chatId, message: 'Goodbye' });
  await bob.caughtUp();
  expect(bobHears.heard).toHaveLength(1);
});

test('repeats at the same moment are one message', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const laptop = await customer(server, 'ann');
  const bobHears = await bob.listen('messages:new');
  const replies = await Promise.all(
    [ann, laptop, ann, laptop].map((user) =>
      user.send('messages:send', { chatId, message: 'Hello' }, 'one-key'),
    ),
  );
  expect(new Set(replies.map(({ message }) => message.id)).size).toBe(1);
  expect(replies.filter(({ replayed }) => replayed)).toHaveLength(3);
  await bob.caughtUp();
  expect(bobHears.heard).toHaveLength(1);
});

test('a key belongs to its sender and its event', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const mine = await ann.send('messages:send', { chatId, message: 'Hello' }, 'key');
  const yours = await bob.send('messages:send', { chatId, message: 'Hello, Ann' }, 'key');
  const read = await bob.send('messages:read', { messageId: mine.message.id }, 'key');
  expect([yours, read].filter(({ replayed }) => replayed)).toEqual([]);
});

test('a key has at most 64 characters', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const send = ann.sendUnchecked('messages:send', { chatId, message: 'Hello' }, 'k'.repeat(65));
  expect(await invalidPaths(send)).toEqual(['key']);
});

test('a refused send leaves its key free', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const data = { chatId: await startChat(ann), message: 'Hello' };
  expect(await refusalCode(bob.send('messages:send', data, 'key'))).toBe('FORBIDDEN');
  await bob.send('chats:join', { chatId: data.chatId });
  expect(await bob.send('messages:send', data, 'key')).not.toHaveProperty('replayed');
});
