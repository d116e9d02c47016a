import { expect, test } from 'vitest';

import {
  agent,
  allCaughtUp,
  customer,
  expectOneEffect,
  invalidPaths,
  listenAll,
  refusal,
  refusalCode,
  service,
  startChat,
  startServer,
  supervisor,
} from '../harness.ts';

test('a new chat waits in its room; its customer, the agents of the room and supervisors hear of it', async () => {
  await using server = await startServer();
  const [ann, eve] = [await customer(server, 'ann'), await customer(server, 'eve')];
  const [bob, cat] = [
    await agent(server, 'bob'),
    await agent(server, 'cat', { rooms: ['support'] }),
  ];
  const sue = await supervisor(server);
  const [annHears, bobHears, sueHears] = await listenAll('chats:create', ann, bob, sue);
  const [eveHears, catHears] = await listenAll('chats:create', eve, cat);

  const { chat } = await ann.send('chats:create', { room: 'sales', source: 'web', lang: 'en' });

  expect(chat).toEqual({
    id: expect.stringMatching(/^c_/),
    room: 'sales',
    source: 'web',
    lang: 'en',
    status: 'waiting',
    customerId: 'ann',
    createdAt: expect.any(Date),
  });
  for (const hears of [annHears, bobHears, sueHears]) {
    expect(await hears.next()).toEqual({
      name: 'chats:create',
      position: expect.any(Number),
      seq: 1,
      chatId: chat.id,
      at: chat.createdAt,
      by: { id: 'ann', role: 'customer' },
      data: { chat },
    });
  }
  await allCaughtUp(eve, cat);
  expect([eveHears.heard, catHears.heard]).toEqual([[], []]);
});

test('a new chat invites nobody by itself', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const invitations = await bob.listen('invitations:new');
  await startChat(ann);
  await bob.caughtUp();
  expect(invitations.heard).toEqual([]);
});

test('a new chat of a room that assigns on creation invites an agent', async () => {
  await using server = await startServer({ rooms: { sales: { assignOnCreate: true } } });
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const invitations = await bob.listen('invitations:new');
  const chatId = await startChat(ann);
  expect((await invitations.next()).data).toMatchObject({ chatId, attempt: 1 });
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const create = (data: unknown) => invalidPaths(ann.sendUnchecked('chats:create', data));
  expect(await create({ room: '', source: 7, lang: 'e' })).toEqual(['room', 'source', 'lang']);
  expect(await create({ room: 'sales', source: 'web', color: 'red' })).toEqual(['']);
  expect(await create('sales')).toEqual(['']);
});

test('only services and supervisors create a chat for somebody else', async () => {
  await using server = await startServer();
  const data = { room: 'sales', source: 'web', creator: 'dan' };
  for (const user of [await customer(server, 'ann'), await agent(server, 'bob')]) {
    expect(await refusalCode(user.send('chats:create', data))).toBe('FORBIDDEN');
  }
  const [dan, eve] = [await customer(server, 'dan'), await customer(server, 'eve')];
  const danHears = await dan.listen('chats:create');
  const { chat } = await (await service(server)).send('chats:create', data);
  expect(chat.customerId).toBe('dan');
  expect(await danHears.next()).toMatchObject({
    by: { id: 'backend', role: 'service' },
    data: { chat },
  });
  const sue = await supervisor(server);
  const other = await sue.send('chats:create', { ...data, creator: eve.id });
  expect(other.chat.customerId).toBe('eve');
});

test('naming oneself as the creator is as good as naming nobody', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const { chat } = await ann.send('chats:create', { room: 'sales', source: 'web', creator: 'ann' });
  expect(chat.customerId).toBe('ann');
});

test('a customer has one open chat at a time', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const chatId = await startChat(ann);
  const again = await refusal(ann.send('chats:create', { room: 'support', source: 'web' }));
  expect(again).toMatchObject({ code: 'CHAT_EXISTS', details: { chatId } });
  await ann.send('chats:close', { chatId });
  expect(await startChat(ann)).not.toBe(chatId);
});

test('a customer has several open chats where the room allows it', async () => {
  await using server = await startServer({ roomDefaults: { oneChatPerCustomer: false } });
  const ann = await customer(server, 'ann');
  const created = [await startChat(ann), await startChat(ann)];
  const { chats } = await ann.send('users:chats', {});
  expect(chats.map(({ id }) => id)).toHaveLength(2);
  expect(new Set(chats.map(({ id }) => id))).toEqual(new Set(created));
});

test('of two chats created at once by one customer there is one', async () => {
  await using server = await startServer();
  const [phone, laptop] = [await customer(server, 'ann'), await customer(server, 'ann')];
  const outcomes = await Promise.allSettled([startChat(phone), startChat(laptop)]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('a repeat under the same key creates no second chat', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const hears = await ann.listen('chats:create');
  const data = { room: 'sales', source: 'web' };
  await expectOneEffect(ann, 'chats:create', data, { ...data, room: 'support' });
  await ann.caughtUp();
  expect(hears.heard).toHaveLength(1);
});
