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

test('an agent who is away is not invited, and the room and the agent hear why', async () => {
  await using server = await startServer();
  const [ann, bob, cat] = [
    await customer(server, 'ann'),
    await agent(server, 'bob'),
    await agent(server, 'cat'),
  ];
  const collectors = await listenAll('agents:status', bob, cat);

  const reply = await bob.send('agents:status', { status: 'away', reason: 'lunch' });

  const view = {
    id: 'bob',
    name: 'Bob',
    rooms: ['sales'],
    langs: [],
    capacity: 5,
    load: 0,
    status: 'away',
    reason: 'lunch',
  };
  expect(reply).toEqual({ agent: view });
  for (const hears of collectors) expect((await hears.next()).data).toEqual({ agent: view });
  const [bobInvitations, catInvitations] = await listenAll('invitations:new', bob, cat);
  await ann.send('chats:assign', { chatId: await startChat(ann) });
  await catInvitations.next();
  await bob.caughtUp();
  expect(bobInvitations.heard).toEqual([]);
});

test('an agent who comes back takes the reason back and gets the chat that waits', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  await bob.send('agents:status', { status: 'away', reason: 'lunch' });
  const chatId = await startChat(ann);
  expect(await ann.send('chats:assign', { chatId })).toMatchObject({ state: 'failed' });
  const invitations = await bob.listen('invitations:new');
  const { agent: view } = await bob.send('agents:status', { status: 'available' });
  expect(view).toMatchObject({ status: 'available' });
  expect(view).not.toHaveProperty('reason');
  expect((await invitations.next()).data).toMatchObject({ chatId });
});

test('whoever is not logged in has no status', async () => {
  await using server = await startServer();
  const bob = await server.connect({ sub: 'bob', role: 'agent' });
  expect(await refusalCode(bob.send('agents:status', { status: 'away' }))).toBe('NOT_FOUND');
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  const set = (data: unknown) => invalidPaths(bob.sendUnchecked('agents:status', data));
  expect(await set({ status: 'asleep', reason: '' })).toEqual(['status', 'reason']);
  expect(await set({ status: 'away', until: 'noon' })).toEqual(['']);
});

test('only agents have a status', async () => {
  await using server = await startServer();
  const others = [await customer(server, 'ann'), await supervisor(server), await service(server)];
  for (const user of others) {
    expect(await refusalCode(user.send('agents:status', { status: 'away' }))).toBe('FORBIDDEN');
  }
});

test('a repeat under the same key sets the status once', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  const bobHears = await bob.listen('agents:status');
  await expectOneEffect(bob, 'agents:status', { status: 'away' }, { status: 'available' });
  await bob.caughtUp();
  expect(bobHears.heard).toHaveLength(1);
});
