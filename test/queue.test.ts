import { isDeepStrictEqual } from 'node:util';

import { expect, test } from 'vitest';

import { agent, customer, startChat, startServer, supervisor } from './harness.ts';

test('a waiting customer is told the place, and that nobody is there', async () => {
  await using server = await startServer();
  const [ann, eve] = [await customer(server, 'ann'), await customer(server, 'eve')];
  const [annHears, eveHears] = [
    await ann.listen('queues:update'),
    await eve.listen('queues:update'),
  ];
  const [first, second] = [await startChat(ann), await startChat(eve)];
  const waiting = 'nobody-available';
  expect(await annHears.next()).toEqual({
    name: 'queues:update',
    chatId: first,
    at: expect.any(Date),
    by: { id: 'system' },
    data: { chatId: first, queuePosition: 0, waiting },
  });
  expect((await eveHears.next()).data).toEqual({ chatId: second, queuePosition: 1, waiting });
});

test('everybody moves up when the first chat is taken, closed or sent away', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  const [ann, dan, eve, fay] = [
    await customer(server, 'ann'),
    await customer(server, 'dan'),
    await customer(server, 'eve'),
    await customer(server, 'fay'),
  ];
  const fayHears = await fay.listen('queues:update');
  const [first, second, third, last] = [
    await startChat(ann),
    await startChat(dan),
    await startChat(eve),
    await startChat(fay),
  ];
  const hears = (queuePosition: number, waiting: number) =>
    fayHears.next(({ data }) => isDeepStrictEqual(data, { chatId: last, queuePosition, waiting }));

  await hears(3, 4);
  await bob.send('chats:join', { chatId: first });
  await hears(2, 3);
  await dan.send('chats:close', { chatId: second });
  await hears(1, 2);
  const sue = await supervisor(server);
  await sue.send('chats:toinbox', { chatId: third, room: 'support' });
  await hears(0, 1);
});

test('nothing is told while the place stays as it is', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const annHears = await ann.listen('queues:update');
  const chatId = await startChat(ann);
  await annHears.next();
  await ann.send('messages:send', { chatId, message: 'Hello' });
  await ann.send('users:activity', { chatId, type: 'writing' });
  await startChat(await customer(server, 'eve'), 'support');
  const cat = await agent(server, 'cat');
  await cat.send('agents:status', { status: 'away' });
  await bob.send('agents:login', { rooms: ['sales'] });
  await ann.caughtUp();
  expect(annHears.heard).toHaveLength(1);
});

test('when the last agent goes, those who wait hear that nobody is there, and when one comes, that somebody is', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const chatId = await startChat(ann);
  const annHears = await ann.listen('queues:update');
  const hears = (waiting: number | 'nobody-available') =>
    annHears.next(({ data }) => data.queuePosition === 0 && data.waiting === waiting);

  const bob = await agent(server, 'bob');
  await hears(1);
  await bob.send('agents:status', { status: 'away' });
  await hears('nobody-available');
  await bob.send('agents:status', { status: 'available' });
  await hears(1);
  await bob.send('agents:logout', {});
  await hears('nobody-available');
  await bob.send('agents:login', { rooms: ['sales'] });
  await hears(1);
  await bob.disconnect();
  await hears('nobody-available');
  expect(annHears.heard.every((each) => each.chatId === chatId)).toBe(true);
});

test('when the last agent logs in elsewhere, those who wait hear that nobody is there', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const annHears = await ann.listen('queues:update');
  await startChat(ann);
  await annHears.next(({ data }) => data.waiting === 1);
  await bob.send('agents:login', { rooms: ['support'] });
  await annHears.next(({ data }) => data.waiting === 'nobody-available');
});

test('agents of the room hear of every place, other customers only of their own', async () => {
  await using server = await startServer();
  const [ann, eve] = [await customer(server, 'ann'), await customer(server, 'eve')];
  const [bob, cat] = [
    await agent(server, 'bob'),
    await agent(server, 'cat', { rooms: ['support'] }),
  ];
  const [annHears, eveHears] = [
    await ann.listen('queues:update'),
    await eve.listen('queues:update'),
  ];
  const [bobHears, catHears] = [
    await bob.listen('queues:update'),
    await cat.listen('queues:update'),
  ];
  const [first, second] = [await startChat(ann), await startChat(eve)];
  await bobHears.next(({ chatId }) => chatId === first);
  await bobHears.next(({ chatId }) => chatId === second);
  await Promise.all([ann.caughtUp(), eve.caughtUp(), cat.caughtUp()]);
  expect(new Set(annHears.data.map(({ chatId }) => chatId))).toEqual(new Set([first]));
  expect(new Set(eveHears.data.map(({ chatId }) => chatId))).toEqual(new Set([second]));
  expect(catHears.heard).toEqual([]);
});

test('a chat that comes back to the queue waits behind the others', async () => {
  await using server = await startServer();
  const [ann, eve, bob] = [
    await customer(server, 'ann'),
    await customer(server, 'eve'),
    await agent(server, 'bob'),
  ];
  const chatId = await startChat(ann);
  await bob.send('chats:join', { chatId });
  await startChat(eve);
  const annHears = await ann.listen('queues:update');
  await bob.send('chats:toinbox', { chatId });
  expect((await annHears.next()).data).toEqual({ chatId, queuePosition: 1, waiting: 2 });
});
