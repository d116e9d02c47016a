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
} from '../harness.ts';

test('a chat sent to another room waits there, and both rooms and the customer hear so', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const [cat, dan] = [
    await agent(server, 'cat'),
    await agent(server, 'dan', { rooms: ['support'] }),
  ];
  const collectors = await listenAll('chats:toinbox', ann, bob, cat, dan);
  const annLeaves = await ann.listen('chats:leave');

  const { chat } = await bob.send('chats:toinbox', { chatId, room: 'support' });

  expect(chat).toMatchObject({ id: chatId, room: 'support', status: 'waiting' });
  expect(chat).not.toHaveProperty('agentId');
  for (const hears of collectors) {
    expect((await hears.next()).data).toEqual({ chatId, room: 'support', reason: 'sent' });
  }
  expect((await annLeaves.next()).data.user).toMatchObject({ id: 'bob' });
  expect((await dan.send('chats:join', { chatId })).chat).toMatchObject({ agentId: 'dan' });
});

test('without a room the chat goes back to its own', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const { chat } = await bob.send('chats:toinbox', { chatId });
  expect(chat).toMatchObject({ room: 'sales', status: 'waiting' });
});

test('sending a chat away ends its pending invitation', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const chatId = await startChat(ann);
  const [invitations, expired] = [
    await bob.listen('invitations:new'),
    await bob.listen('invitations:expire'),
  ];
  await ann.send('chats:assign', { chatId });
  const { invitationId } = (await invitations.next()).data;
  const backend = await service(server);
  await backend.send('chats:toinbox', { chatId, room: 'support' });
  const data = { invitationId, chatId, userId: 'bob', reason: 'superseded' };
  expect((await expired.next()).data).toEqual(data);
  const accept = bob.send('invitations:accept', { invitationId });
  expect(await refusalCode(accept)).toBe('INVITATION_ENDED');
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  const send = (data: unknown) => invalidPaths(bob.sendUnchecked('chats:toinbox', data));
  expect(await send({ room: '' })).toEqual(['chatId', 'room']);
  expect(await send({ chatId: 'c_1', reason: 'left' })).toEqual(['']);
});

test('customers send no chat away, and agents only their own', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const cat = await agent(server, 'cat');
  for (const user of [ann, cat]) {
    expect(await refusalCode(user.send('chats:toinbox', { chatId }))).toBe('FORBIDDEN');
  }
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const cat = await agent(server, 'cat', { rooms: ['support'] });
  const send = (id: string) => cat.send('chats:toinbox', { chatId: id });
  await expectUnseen(send(chatId), send('c_unknown'));
});

test('a closed chat goes to no queue', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  await bob.send('chats:close', { chatId });
  expect(await refusalCode(bob.send('chats:toinbox', { chatId }))).toBe('CHAT_CLOSED');
});

test('a repeat under the same key moves the chat once', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const annHears = await ann.listen('chats:toinbox');
  await expectOneEffect(bob, 'chats:toinbox', { chatId }, { chatId, room: 'support' });
  await ann.caughtUp();
  expect(annHears.heard).toHaveLength(1);
});
