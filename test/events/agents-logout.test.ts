import { expect, test } from 'vitest';

import {
  agent,
  customer,
  invalidPaths,
  listenAll,
  refusalCode,
  service,
  startChat,
  startServer,
  supervisor,
} from '../harness.ts';

test('an agent who logs out is out of routing, and the room and the agent hear so', async () => {
  await using server = await startServer();
  const [bob, cat] = [await agent(server, 'bob'), await agent(server, 'cat')];
  const collectors = await listenAll('agents:logout', bob, cat);

  expect(await bob.send('agents:logout', {})).toEqual({});

  for (const hears of collectors) {
    const { data } = await hears.next();
    expect(data.agent).toMatchObject({ id: 'bob', name: 'Bob', rooms: ['sales'], load: 0 });
  }
  const ann = await customer(server, 'ann');
  const chatId = await startChat(ann);
  const [bobInvitations, catInvitations] = await listenAll('invitations:new', bob, cat);
  await ann.send('chats:assign', { chatId });
  await catInvitations.next();
  await bob.caughtUp();
  expect(bobInvitations.heard).toEqual([]);
});

test('an agent who has logged out hears the room no more, and keeps the own chats', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const chatId = await startChat(ann);
  await bob.send('chats:join', { chatId });
  const [created, messages] = [await bob.listen('chats:create'), await bob.listen('messages:new')];
  await bob.send('agents:logout', {});
  const other = await startChat(await customer(server, 'eve'));
  await ann.send('messages:send', { chatId, message: 'Still there?' });
  await messages.next();
  await bob.caughtUp();
  expect(created.heard).toEqual([]);
  expect(await refusalCode(bob.send('chats:get', { chatId: other }))).toBe('NOT_FOUND');
});

test('logging out without being logged in is heard by nobody', async () => {
  await using server = await startServer();
  const bob = await server.connect({ sub: 'bob', role: 'agent' });
  const bobHears = await bob.listen('agents:logout');
  expect(await bob.send('agents:logout', {})).toEqual({});
  await bob.caughtUp();
  expect(bobHears.heard).toEqual([]);
});

test('data that does not fit is refused', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  expect(await invalidPaths(bob.sendUnchecked('agents:logout', { rooms: ['sales'] }))).toEqual([
    '',
  ]);
});

test('only agents log out', async () => {
  await using server = await startServer();
  const others = [await customer(server, 'ann'), await supervisor(server), await service(server)];
  for (const user of others) {
    expect(await refusalCode(user.send('agents:logout', {}))).toBe('FORBIDDEN');
  }
});

test('a repeat under the same key does not log out a second time', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  const bobHears = await bob.listen('agents:logout');
  await bob.send('agents:logout', {}, 'one-key');
  await bob.send('agents:login', { rooms: ['sales'] });
  expect(await bob.send('agents:logout', {}, 'one-key')).toEqual({ replayed: true });
  await bob.caughtUp();
  expect(bobHears.heard).toHaveLength(1);
});
