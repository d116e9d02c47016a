import { expect, test } from 'vitest';

import {
  activeChat,
  agent,
  customer,
  expectUnseen,
  invalidPaths,
  listenAll,
  startServer,
  supervisor,
} from '../harness.ts';

test('agents and watchers of a chat hear who has it in view, and customers do not', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  const [annHears, bobHears, sueHears] = await listenAll('user:focus', ann, bob, sue);

  expect(await ann.send('user:focus', { chatId })).toEqual({ success: true });
  await bob.send('user:focus', { chatId, focused: true });
  await ann.send('user:focus', { chatId, focused: false });

  for (const hears of [bobHears, sueHears]) {
    const occurrences = await hears.take(3);
    expect(occurrences.map(({ data }) => data)).toEqual([
      { chatId, viewers: ['ann'] },
      { chatId, viewers: ['ann', 'bob'] },
      { chatId, viewers: ['bob'] },
    ]);
  }
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('a user is a viewer as long as one connection has the chat in view', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const laptop = await customer(server, 'ann');
  const bobHears = await bob.listen('user:focus');
  await ann.send('user:focus', { chatId });
  await laptop.send('user:focus', { chatId });
  await ann.send('user:focus', { chatId, focused: false });
  await bob.caughtUp();
  expect(bobHears.data.at(-1)).toEqual({ chatId, viewers: ['ann'] });
  await laptop.disconnect();
  await bobHears.next(({ data }) => data.viewers.length === 0);
});

test('looking at another chat is looking away from the first', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const dan = await customer(server, 'dan');
  const { chat } = await dan.send('chats:create', { room: 'sales', source: 'web' });
  await bob.send('chats:join', { chatId: chat.id });
  const bobHears = await bob.listen('user:focus');
  await bob.send('user:focus', { chatId });
  await bob.send('user:focus', { chatId: chat.id });
  const heard = await bobHears.take(3);
  expect(heard.map(({ data }) => data)).toEqual([
    { chatId, viewers: ['bob'] },
    { chatId, viewers: [] },
    { chatId: chat.id, viewers: ['bob'] },
  ]);
});

test('a sign of life without a chat is heard by nobody', async () => {
  await using server = await startServer();
  const { ann, bob } = await activeChat(server);
  const bobHears = await bob.listen('user:focus');
  expect(await ann.send('user:focus', {})).toEqual({ success: true });
  await bob.caughtUp();
  expect(bobHears.heard).toEqual([]);
});

test('having a chat in view reads nothing', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  await bob.send('messages:send', { chatId, message: 'Hello' });
  await ann.send('user:focus', { chatId });
  expect((await ann.send('chats:get', { chatId })).chat.unread).toBe(1);
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const focus = (data: unknown) => invalidPaths(ann.sendUnchecked('user:focus', data));
  expect(await focus({ chatId: 1, focused: 'yes' })).toEqual(['chatId', 'focused']);
  expect(await focus({ userId: 'ann' })).toEqual(['']);
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const strangers = [
    await customer(server, 'eve'),
    await agent(server, 'cat', { rooms: ['support'] }),
  ];
  for (const user of strangers) {
    const focus = (id: string) => user.send('user:focus', { chatId: id });
    await expectUnseen(focus(chatId), focus('c_unknown'));
  }
});
