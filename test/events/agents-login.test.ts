import { expect, test } from 'vitest';

import {
  agent,
  customer,
  expectOneEffect,
  invalidPaths,
  listenAll,
  refusalCode,
  service,
  startChat,
  startServer,
  supervisor,
} from '../harness.ts';

test('an agent who logs in is in routing, and the rooms and the agent hear so', async () => {
  await using server = await startServer();
  const [cat, dan] = [
    await agent(server, 'cat'),
    await agent(server, 'dan', { rooms: ['support'] }),
  ];
  const bob = await server.connect({ sub: 'bob', role: 'agent', name: 'Bob' });
  const [bobHears, catHears, danHears] = await listenAll('agents:login', bob, cat, dan);

  const reply = await bob.send('agents:login', { rooms: ['vip', 'sales'], langs: ['en'] });

  const view = {
    id: 'bob',
    name: 'Bob',
    rooms: ['sales', 'vip'],
    langs: ['en'],
    capacity: 5,
    load: 0,
    status: 'available',
  };
  expect(reply).toEqual({ agent: view });
  for (const hears of [bobHears, catHears]) {
    expect(await hears.next()).toEqual({
      name: 'agents:login',
      at: expect.any(Date),
      by: { id: 'bob', role: 'agent' },
      data: { agent: view },
    });
  }
  await dan.caughtUp();
  expect(danHears.heard).toEqual([]);
});

test('an agent hears a room from the login on, and no more after the next login elsewhere', async () => {
  await using server = await startServer({ roomDefaults: { oneChatPerCustomer: false } });
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const bobHears = await bob.listen('chats:create');
  const first = await startChat(ann);
  await bob.send('agents:login', { rooms: ['support'] });
  await startChat(ann);
  const third = await startChat(ann, 'support');
  const heard = await bobHears.take(2);
  expect(heard.map(({ chatId }) => chatId)).toEqual([first, third]);
});

test('languages are those of the token unless told', async () => {
  await using server = await startServer();
  const bob = await server.connect({ sub: 'bob', role: 'agent', langs: ['de', 'en'] });
  const { agent: usual } = await bob.send('agents:login', { rooms: ['sales'] });
  const { agent: told } = await bob.send('agents:login', { rooms: ['sales'], langs: ['en'] });
  expect([usual.langs, told.langs]).toEqual([['de', 'en'], ['en']]);
});

test('a token may limit the rooms', async () => {
  await using server = await startServer();
  const bob = await server.connect({ sub: 'bob', role: 'agent', rooms: ['sales'] });
  expect(await refusalCode(bob.send('agents:login', { rooms: ['sales', 'vip'] }))).toBe(
    'FORBIDDEN',
  );
  expect((await bob.send('agents:login', { rooms: ['sales'] })).agent.rooms).toEqual(['sales']);
});

test('logging in again keeps the load', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  await bob.send('chats:join', { chatId: await startChat(ann) });
  const { agent: view } = await bob.send('agents:login', { rooms: ['sales'], capacity: 2 });
  expect(view).toMatchObject({ capacity: 2, load: 1 });
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const bob = await server.connect({ sub: 'bob', role: 'agent' });
  const login = (data: unknown) => invalidPaths(bob.sendUnchecked('agents:login', data));
  expect(await login({ rooms: [], langs: ['e'] })).toEqual(['rooms', 'langs.0']);
  expect(await login({ rooms: ['sales'], capacity: 0 })).toEqual(['capacity']);
  expect(await login({ rooms: ['sales'], capacity: 101 })).toEqual(['capacity']);
  expect(await login({ rooms: ['sales'], userId: 'cat' })).toEqual(['']);
});

test('only agents log in', async () => {
  await using server = await startServer();
  const others = [await customer(server, 'ann'), await supervisor(server), await service(server)];
  for (const user of others) {
    expect(await refusalCode(user.send('agents:login', { rooms: ['sales'] }))).toBe('FORBIDDEN');
  }
});

test('a repeat under the same key logs in once', async () => {
  await using server = await startServer();
  const bob = await server.connect({ sub: 'bob', role: 'agent' });
  const bobHears = await bob.listen('agents:login');
  await expectOneEffect(bob, 'agents:login', { rooms: ['sales'] }, { rooms: ['vip'] });
  await bob.caughtUp();
  expect(bobHears.heard).toHaveLength(1);
});
