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

test('a closed chat keeps its reason and data, and everybody in it and the room hear so', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const [cat, sue] = [await agent(server, 'cat'), await supervisor(server)];
  const eve = await customer(server, 'eve');
  const collectors = await listenAll('chats:close', ann, bob, cat, sue);
  const eveHears = await eve.listen('chats:close');

  const extraData = { ticket: 7, tags: ['billing', null] };
  const { chat, closed } = await bob.send('chats:close', { chatId, reason: 'resolved', extraData });

  expect(closed).toBe(true);
  expect(chat).toMatchObject({
    status: 'closed',
    agentId: 'bob',
    closedAt: expect.any(Date),
    closeReason: 'resolved',
    extraData,
  });
  for (const hears of collectors) {
    const { data, at, by } = await hears.next();
    expect(data).toEqual({ chatId, userId: 'bob', reason: 'resolved', extraData });
    expect([at, by]).toEqual([chat.closedAt, { id: 'bob', role: 'agent' }]);
  }
  await eve.caughtUp();
  expect(eveHears.heard).toEqual([]);
});

test('a second close changes nothing', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const first = await bob.send('chats:close', { chatId, reason: 'resolved', extraData: { a: 1 } });
  const annHears = await ann.listen('chats:close');
  const second = await ann.send('chats:close', { chatId, reason: 'bored', extraData: { b: 2 } });
  expect(second).toEqual({ chat: first.chat, closed: false });
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('without a reason the role of whoever closes it gives one', async () => {
  await using server = await startServer();
  const [ann, eve] = [await customer(server, 'ann'), await customer(server, 'eve')];
  const [byAnn, ofEve] = [await startChat(ann), await startChat(eve)];
  const bob = await agent(server, 'bob');
  await bob.send('chats:join', { chatId: ofEve });
  const left = await ann.send('chats:close', { chatId: byAnn });
  const resolved = await bob.send('chats:close', { chatId: ofEve });
  expect([left.chat.closeReason, resolved.chat.closeReason]).toEqual(['customer-left', 'resolved']);
});

test('a closed chat takes no message, and its owner is free for another', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  await ann.send('chats:close', { chatId });
  const write = bob.send('messages:send', { chatId, message: 'Wait' });
  expect(await refusalCode(write)).toBe('CHAT_CLOSED');
  const { agent: view } = await bob.send('agents:status', { status: 'available' });
  expect(view.load).toBe(0);
  expect((await bob.send('users:chats', {})).chats).toEqual([]);
});

test('closing withdraws the pending invitation first', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const chatId = await startChat(ann);
  const invitations = await bob.listen('invitations:new');
  const [expired, closed] = [
    await bob.listen('invitations:expire'),
    await bob.listen('chats:close'),
  ];
  await ann.send('chats:assign', { chatId });
  const { invitationId } = (await invitations.next()).data;
  await ann.send('chats:close', { chatId });
  const end = await expired.next();
  expect(end.data).toEqual({ invitationId, chatId, userId: 'bob', reason: 'chat-closed' });
  expect(end.position).toBeLessThan((await closed.next()).position ?? 0);
  expect(await refusalCode(bob.send('invitations:accept', { invitationId }))).toBe('CHAT_CLOSED');
});

test('of a message and a close at once either comes first, and history says which', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const [written, closed] = await Promise.allSettled([
    ann.send('messages:send', { chatId, message: 'One more thing' }),
    bob.send('chats:close', { chatId }),
  ]);
  expect(closed.status).toBe('fulfilled');
  const { chat } = await bob.send('chats:get', { chatId, fields: 'history' });
  expect(chat.history).toHaveLength(written.status === 'fulfilled' ? 1 : 0);
  if (written.status === 'rejected') {
    expect(await refusalCode(Promise.reject(written.reason))).toBe('CHAT_CLOSED');
  }
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const close = (data: object) =>
    invalidPaths(ann.sendUnchecked('chats:close', { chatId: 'c_1', ...data }));
  expect(await close({ chatId: null, reason: '' })).toEqual(['chatId', 'reason']);
  expect(await close({ reason: 'x'.repeat(65) })).toEqual(['reason']);
  expect(await close({ extraData: { much: 'x'.repeat(8192) } })).toEqual(['extraData']);
  expect(await close({ force: true })).toEqual(['']);
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const strangers = [
    await customer(server, 'eve'),
    await agent(server, 'cat', { rooms: ['support'] }),
  ];
  for (const user of strangers) {
    const close = (id: string) => user.send('chats:close', { chatId: id });
    await expectUnseen(close(chatId), close('c_unknown'));
  }
});

test('an agent of the room who is not in the chat sees it but does not close it', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const cat = await agent(server, 'cat');
  expect(await refusalCode(cat.send('chats:close', { chatId }))).toBe('FORBIDDEN');
});

test('only services and supervisors close a chat for somebody else', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  for (const [user, userId] of [
    [ann, 'bob'],
    [bob, 'ann'],
  ] as const) {
    expect(await refusalCode(user.send('chats:close', { chatId, userId }))).toBe('FORBIDDEN');
  }
  const annHears = await ann.listen('chats:close');
  const backend = await service(server);
  await backend.send('chats:close', { chatId, userId: 'ann' });
  const { data, by } = await annHears.next();
  expect(data).toEqual({ chatId, userId: 'ann', reason: 'customer-left' });
  expect(by).toEqual({ id: 'backend', role: 'service' });
});

test('a repeat under the same key is the first close again', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const annHears = await ann.listen('chats:close');
  const data = { chatId, reason: 'resolved' };
  const reply = await expectOneEffect(bob, 'chats:close', data, { chatId });
  expect(reply.closed).toBe(true);
  await ann.caughtUp();
  expect(annHears.heard).toHaveLength(1);
});
