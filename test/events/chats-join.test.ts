import { expect, test } from 'vitest';

import {
  activeChat,
  agent,
  allCaughtUp,
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

test('an agent who joins a waiting chat owns it, and everybody in it hears so', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const [eve, sue] = [await customer(server, 'eve'), await supervisor(server)];
  const chatId = await startChat(ann);
  const [annHears, bobHears, sueHears] = await listenAll('chats:join', ann, bob, sue);
  const eveHears = await eve.listen('chats:join');

  const { chat, joined } = await bob.send('chats:join', { chatId });

  expect(joined).toBe(true);
  expect(chat).toMatchObject({ id: chatId, status: 'active', agentId: 'bob' });
  const user = { id: 'bob', name: 'Bob', role: 'agent', as: 'member', readSeq: 0 };
  for (const hears of [annHears, bobHears, sueHears]) {
    const { data, by, at } = await hears.next();
    expect(data).toEqual({ chatId, user: { ...user, joinedAt: at } });
    expect(by).toEqual({ id: 'bob', role: 'agent' });
  }
  await eve.caughtUp();
  expect(eveHears.heard).toEqual([]);
});

test('joining a second time changes nothing', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const [annHears] = await listenAll('chats:join', ann);
  const { chat, joined } = await bob.send('chats:join', { chatId });
  expect(joined).toBe(false);
  expect(chat).toMatchObject({ agentId: 'bob' });
  expect(await ann.send('chats:join', { chatId })).toMatchObject({ joined: false });
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('an invited agent who joins accepts the invitation', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const chatId = await startChat(ann);
  const [accepted, invitations] = [
    await ann.listen('invitations:accept'),
    await bob.listen('invitations:new'),
  ];
  await ann.send('chats:assign', { chatId });
  expect(await bob.send('chats:join', { chatId })).toMatchObject({ joined: true });
  const { invitationId } = (await invitations.next()).data;
  expect((await accepted.next()).data).toMatchObject({ invitationId, chatId, userId: 'bob' });
});

test('an agent who was not invited may take a chat from its assignment', async () => {
  await using server = await startServer();
  const [bob, ann] = [await agent(server, 'bob'), await customer(server, 'ann')];
  const invitations = await bob.listen('invitations:new');
  const [bobExpires, annAccepts] = [
    await bob.listen('invitations:expire'),
    await ann.listen('invitations:accept'),
  ];
  const chatId = await startChat(ann);
  await ann.send('chats:assign', { chatId });
  const { invitationId } = (await invitations.next()).data;

  const cat = await agent(server, 'cat');
  const { chat } = await cat.send('chats:join', { chatId });

  expect(chat.agentId).toBe('cat');
  const expired = { invitationId, chatId, userId: 'bob', reason: 'taken' };
  expect((await bobExpires.next()).data).toEqual(expired);
  expect((await annAccepts.next()).data.agent).toEqual({ id: 'cat', name: 'Cat' });
  expect(await refusalCode(bob.send('invitations:accept', { invitationId }))).toBe('CHAT_TAKEN');
});

test('of two agents who join a waiting chat at once one owns it and the other holds nothing', async () => {
  await using server = await startServer();
  const [ann, bob, cat] = [
    await customer(server, 'ann'),
    await agent(server, 'bob'),
    await agent(server, 'cat'),
  ];
  const chatId = await startChat(ann);
  const outcomes = await Promise.allSettled(
    [bob, cat].map((user) => user.send('chats:join', { chatId })),
  );
  const lost = outcomes.filter(({ status }) => status === 'rejected');
  expect(lost).toHaveLength(1);
  for (const { status, ...rest } of outcomes) {
    if (status === 'rejected' && 'reason' in rest) {
      expect(await refusalCode(Promise.reject(rest.reason))).toBe('CHAT_TAKEN');
    }
  }
  const { chat } = await ann.send('chats:get', { chatId, fields: 'users' });
  expect(chat.users?.map(({ id }) => id)).toEqual(['ann', chat.agentId]);
});

test('a supervisor watches a chat without its customer knowing', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  const [annHears, bobHears] = await listenAll('chats:join', ann, bob);
  expect(await sue.send('chats:join', { chatId, as: 'watcher' })).toMatchObject({ joined: true });
  const watcher = { id: 'sue', name: 'Sue', role: 'supervisor', as: 'watcher' };
  expect((await bobHears.next()).data.user).toMatchObject(watcher);
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);

  const fields = 'users,watchers';
  const forBob = (await bob.send('chats:get', { chatId, fields })).chat;
  expect(forBob.users?.map(({ id }) => id)).toEqual(['ann', 'bob']);
  expect(forBob.watchers).toMatchObject([watcher]);
  const forAnn = (await ann.send('chats:get', { chatId, fields })).chat;
  expect(forAnn.users?.map(({ id }) => id)).toEqual(['ann', 'bob']);
  expect(forAnn.watchers).toEqual([]);
});

test('a watcher who joins as a member takes part from then on', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  await sue.send('chats:join', { chatId, as: 'watcher' });
  const annHears = await ann.listen('chats:join');
  expect(await sue.send('chats:join', { chatId, as: 'member' })).toMatchObject({ joined: true });
  expect((await annHears.next()).data.user).toMatchObject({ id: 'sue', as: 'member' });
  await sue.send('messages:send', { chatId, message: 'May I help?' });
});

test('only supervisors watch', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const chatId = await startChat(ann);
  expect(await refusalCode(bob.send('chats:join', { chatId, as: 'watcher' }))).toBe('FORBIDDEN');
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const join = (data: unknown) => invalidPaths(ann.sendUnchecked('chats:join', data));
  expect(await join({})).toEqual(['chatId']);
  expect(await join({ chatId: 'c_1', userId: '', as: 'owner' })).toEqual(['userId', 'as']);
  expect(await join({ chatId: 'c_1', role: 'agent' })).toEqual(['']);
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const strangers = [
    await customer(server, 'eve'),
    await agent(server, 'cat', { rooms: ['support'] }),
  ];
  for (const user of strangers) {
    const join = (id: string) => user.send('chats:join', { chatId: id });
    await expectUnseen(join(chatId), join('c_unknown'));
  }
});

test('only services and supervisors put somebody else into a chat', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const dan = await customer(server, 'dan');
  for (const user of [ann, bob]) {
    const join = user.send('chats:join', { chatId, userId: 'dan' });
    expect(await refusalCode(join)).toBe('FORBIDDEN');
  }
  const danHears = await dan.listen('chats:join');
  const backend = await service(server);
  expect(await backend.send('chats:join', { chatId, userId: 'dan' })).toMatchObject({
    joined: true,
  });
  expect((await danHears.next()).data.user).toMatchObject({ id: 'dan', name: 'Dan' });
});

test('an agent whom a back end puts into a waiting chat owns it', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const [chatId, backend] = [await startChat(ann), await service(server)];
  const { chat } = await backend.send('chats:join', { chatId, userId: bob.id });
  expect(chat).toMatchObject({ status: 'active', agentId: 'bob' });
});

test('a closed chat is not joined', async () => {
  await using server = await startServer();
  const { bob, ann, chatId } = await activeChat(server);
  await ann.send('chats:close', { chatId });
  expect(await refusalCode(bob.send('chats:join', { chatId }))).toBe('CHAT_CLOSED');
});

test('an agent takes no more chats than the capacity allows', async () => {
  await using server = await startServer();
  const [ann, dan] = [await customer(server, 'ann'), await customer(server, 'dan')];
  const bob = await agent(server, 'bob', { capacity: 1 });
  const [first, second] = [await startChat(ann), await startChat(dan)];
  await bob.send('chats:join', { chatId: first });
  expect(await refusalCode(bob.send('chats:join', { chatId: second }))).toBe('AT_CAPACITY');
  await bob.send('chats:close', { chatId: first });
  expect(await bob.send('chats:join', { chatId: second })).toMatchObject({ joined: true });
});

test('a repeat under the same key joins once', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const [chatId, hears] = [await startChat(ann), await ann.listen('chats:join')];
  const reply = await expectOneEffect(bob, 'chats:join', { chatId }, { chatId, userId: 'bob' });
  expect(reply.joined).toBe(true);
  await allCaughtUp(ann);
  expect(hears.heard).toHaveLength(1);
});
