import { expect, test } from 'vitest';

import {
  activeChat,
  agent,
  customer,
  invalidPaths,
  refusalCode,
  service,
  startChat,
  startServer,
  supervisor,
} from '../harness.ts';

test('a user has the open chats one is in, with what is unread in each', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const dan = await customer(server, 'dan');
  const other = await startChat(dan);
  await bob.send('chats:join', { chatId: other });
  await ann.send('messages:send', { chatId, message: 'Hello' });
  const waiting = await startChat(await customer(server, 'eve'));

  const { chats } = await bob.send('users:chats', {});

  expect(chats).toHaveLength(2);
  const createdAt = expect.any(Date);
  const shared = { room: 'sales', source: 'web', status: 'active', agentId: 'bob', createdAt };
  expect(chats.find(({ id }) => id === chatId)).toEqual({
    ...shared,
    id: chatId,
    customerId: 'ann',
    unread: 1,
  });
  expect(chats.find(({ id }) => id === other)).toMatchObject({ customerId: 'dan', unread: 0 });
  expect(chats.map(({ id }) => id)).not.toContain(waiting);
});

test('a closed chat and one that was left are not in the list', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  await bob.send('chats:leave', { chatId });
  expect(await bob.send('users:chats', {})).toEqual({ chats: [] });
  await ann.send('chats:close', { chatId });
  expect(await ann.send('users:chats', {})).toEqual({ chats: [] });
});

test('a user without chats has none', async () => {
  await using server = await startServer();
  expect(await (await customer(server, 'ann')).send('users:chats', {})).toEqual({ chats: [] });
});

test("only services and supervisors see somebody else's list", async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  for (const [user, userId] of [
    [ann, 'bob'],
    [bob, 'ann'],
  ] as const) {
    expect(await refusalCode(user.send('users:chats', { userId }))).toBe('FORBIDDEN');
  }
  for (const user of [await service(server), await supervisor(server)]) {
    const { chats } = await user.send('users:chats', { userId: 'ann' });
    expect(chats.map(({ id }) => id)).toEqual([chatId]);
  }
});

test("a back end sees a customer's chats as the customer does", async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  await bob.send('messages:send', { chatId, message: 'Secret', visibility: 'agents' });
  await bob.send('messages:send', { chatId, message: 'Hello' });
  const backend = await service(server);
  const { chats } = await backend.send('users:chats', { userId: 'ann' });
  expect(chats).toMatchObject([{ id: chatId, unread: 1 }]);
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  const list = (data: unknown) => invalidPaths(bob.sendUnchecked('users:chats', data));
  expect(await list({ userId: 7 })).toEqual(['userId']);
  expect(await list({ status: 'closed' })).toEqual(['']);
});
