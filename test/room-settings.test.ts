import { expect, test } from 'vitest';

import { agent, customer, startChat } from './harness.ts';
import { invitable, startOnVirtualTime, waitingChat } from './routing.ts';

const second = 1000;

test('a room has its own way to assign', async () => {
  const sales = { algorithm: 'round-robin', maxAttempts: 1, interval: 7 };
  await using parley = await startOnVirtualTime({ rooms: { sales } });
  const { server, environment, assign } = parley;
  const { ann, chatId } = await waitingChat(server);
  for (const sub of ['bob', 'cat']) await agent(server, sub);
  const { deadline } = await ann.send('chats:assign', { chatId });
  expect(deadline.getTime()).toBe(environment.now() + 7 * second);
  expect(await assign('eve')).toBe('cat');
});

test('a room that does not try again leaves a chat alone for good', async () => {
  await using parley = await startOnVirtualTime({ rooms: { sales: { autoRetry: false } } });
  const { server } = parley;
  const { ann, chatId } = await waitingChat(server);
  await ann.send('chats:assign', { chatId });
  const bob = await invitable(server, 'bob');
  await bob.user.caughtUp();
  expect(bob.invitations.heard).toEqual([]);
});

test.each([
  { onOwnerLost: 'assign', status: 'waiting', invited: 1 },
  { onOwnerLost: 'queue', status: 'waiting', invited: 0 },
  { onOwnerLost: 'keep', status: 'active', invited: 0 },
  { onOwnerLost: 'close', status: 'closed', invited: 0 },
] as const)('a lost owner means: $onOwnerLost', async ({ onOwnerLost, status, invited }) => {
  await using parley = await startOnVirtualTime({ roomDefaults: { onOwnerLost } });
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const bob = await agent(server, 'bob');
  await bob.send('chats:join', { chatId });
  const cat = await invitable(server, 'cat');
  const presence = await ann.listen('users:presence');
  await bob.disconnect();
  await presence.next();
  await environment.advance(60 * second);
  expect((await ann.send('chats:get', { chatId })).chat.status).toBe(status);
  await cat.user.caughtUp();
  expect(cat.invitations.heard).toHaveLength(invited);
});

test('an active chat in which nobody writes is closed after the time the room sets', async () => {
  await using parley = await startOnVirtualTime({ roomDefaults: { idleTimeout: 600 } });
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  await environment.advance(900 * second);
  const bob = await agent(server, 'bob');
  await bob.send('chats:join', { chatId });
  const closed = await ann.listen('chats:close');
  await environment.advance(599 * second);
  await bob.send('messages:send', { chatId, message: 'Still there?' });
  await environment.advance(600 * second - 1);
  await ann.caughtUp();
  expect(closed.heard).toEqual([]);
  await environment.advance(1);
  expect((await closed.next()).data).toEqual({ chatId, userId: 'system', reason: 'inactivity' });
});

test('a chat that nobody takes is closed after the time the room sets', async () => {
  await using parley = await startOnVirtualTime({ rooms: { sales: { waitTimeout: 600 } } });
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const eve = await customer(server, 'eve');
  await startChat(eve, 'support');
  const [annHears, eveHears] = [await ann.listen('chats:close'), await eve.listen('chats:close')];
  await environment.advance(600 * second);
  expect((await annHears.next()).data).toEqual({
    chatId,
    userId: 'system',
    reason: 'wait-timeout',
  });
  await eve.caughtUp();
  expect(eveHears.heard).toEqual([]);
});

test('times of grace are as the room sets them', async () => {
  const sales = { customerGrace: 10 };
  await using parley = await startOnVirtualTime({ rooms: { sales } });
  const { server, environment, backend } = parley;
  const { ann } = await waitingChat(server);
  const [presence, closed] = [
    await backend.listen('users:presence'),
    await backend.listen('chats:close'),
  ];
  await ann.disconnect();
  await presence.next(({ data }) => data.userId === 'ann');
  await environment.advance(10 * second);
  expect((await closed.next()).data.reason).toBe('abandoned');
});
