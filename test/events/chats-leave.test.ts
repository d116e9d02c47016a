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

test('an owner who leaves hands the chat back to the queue, and everybody in it hears so', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const cat = await agent(server, 'cat');
  const [annLeaves, bobLeaves] = await listenAll('chats:leave', ann, bob);
  const [annInbox, catInbox] = await listenAll('chats:toinbox', ann, cat);

  expect(await bob.send('chats:leave', { chatId })).toEqual({ left: true });

  for (const hears of [annLeaves, bobLeaves]) {
    const { data } = await hears.next();
    expect(data).toMatchObject({ chatId, user: { id: 'bob', as: 'member' } });
  }
  for (const hears of [annInbox, catInbox]) {
    expect((await hears.next()).data).toEqual({ chatId, room: 'sales', reason: 'left' });
  }
  const { chat } = await ann.send('chats:get', { chatId, fields: 'users' });
  expect(chat.users?.map(({ id }) => id)).toEqual(['ann']);
});

test('a chat whose owner has left goes to another agent by itself', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const cat = await agent(server, 'cat');
  const [invitations, bobInvitations] = await listenAll('invitations:new', cat, bob);
  await bob.send('chats:leave', { chatId });
  expect((await invitations.next()).data).toMatchObject({ chatId, attempt: 1 });
  await bob.caughtUp();
  expect(bobInvitations.heard).toEqual([]);
});

test('a member who does not own the chat just leaves', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  await sue.send('chats:join', { chatId });
  const annHears = await ann.listen('chats:leave');
  expect(await sue.send('chats:leave', { chatId })).toEqual({ left: true });
  expect((await annHears.next()).data.user).toMatchObject({ id: 'sue' });
  expect((await bob.send('chats:get', { chatId })).chat).toMatchObject({ agentId: 'bob' });
});

test('a watcher leaves without the customer knowing', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  await sue.send('chats:join', { chatId, as: 'watcher' });
  const [annHears, bobHears] = await listenAll('chats:leave', ann, bob);
  await sue.send('chats:leave', { chatId });
  expect((await bobHears.next()).data.user).toMatchObject({ id: 'sue', as: 'watcher' });
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('a customer who leaves ends the chat', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const bobHears = await bob.listen('chats:close');
  expect(await ann.send('chats:leave', { chatId })).toEqual({ left: true });
  const data = { chatId, userId: 'ann', reason: 'customer-left' };
  expect((await bobHears.next()).data).toEqual(data);
  expect(await refusalCode(bob.send('chats:leave', { chatId }))).toBe('CHAT_CLOSED');
});

test('whoever is not in the chat does not leave it', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const cat = await agent(server, 'cat');
  const annHears = await ann.listen('chats:leave');
  expect(await cat.send('chats:leave', { chatId })).toEqual({ left: false });
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const leave = (data: unknown) => invalidPaths(ann.sendUnchecked('chats:leave', data));
  expect(await leave({ chatId: '', userId: 3 })).toEqual(['chatId', 'userId']);
  expect(await leave({ chatId: 'c_1', reason: 'bored' })).toEqual(['']);
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const chatId = await startChat(ann);
  const eve = await customer(server, 'eve');
  const leave = (id: string) => eve.send('chats:leave', { chatId: id });
  await expectUnseen(leave(chatId), leave('c_unknown'));
});

test('only services and supervisors take somebody else out of a chat', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  for (const [user, userId] of [
    [ann, 'bob'],
    [bob, 'ann'],
  ] as const) {
    expect(await refusalCode(user.send('chats:leave', { chatId, userId }))).toBe('FORBIDDEN');
  }
  const annHears = await ann.listen('chats:leave');
  const backend = await service(server);
  expect(await backend.send('chats:leave', { chatId, userId: 'bob' })).toEqual({ left: true });
  expect((await annHears.next()).data.user).toMatchObject({ id: 'bob' });
});

test('a repeat under the same key leaves once', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const annHears = await ann.listen('chats:leave');
  const reply = await expectOneEffect(bob, 'chats:leave', { chatId }, { chatId, userId: 'bob' });
  expect(reply.left).toBe(true);
  await ann.caughtUp();
  expect(annHears.heard).toHaveLength(1);
});
