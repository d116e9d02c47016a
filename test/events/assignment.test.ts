import { expect, test } from 'vitest';

import {
  agent,
  allCaughtUp,
  customer,
  refusal,
  refusalCode,
  service,
  startChat,
  startServer,
  supervisor,
} from '../harness.ts';
import { invitable, startOnVirtualTime, untilOffline, waitingChat } from '../routing.ts';

const second = 1000;

test('a chat with a language goes only to agents who speak it', async () => {
  await using parley = await startOnVirtualTime();
  const { server } = parley;
  await agent(server, 'bob', { langs: ['en'] });
  await agent(server, 'cat', { langs: ['de', 'en'] });
  const ann = await customer(server, 'ann');
  const data = { room: 'sales', source: 'web', lang: 'de' };
  const { chat } = await ann.send('chats:create', data);
  const backend = await service(server);
  const { agent: invited } = await backend.send('chats:assign', { chatId: chat.id });
  expect(invited?.id).toBe('cat');
});

test('an invitation that is not answered in time goes on to the next agent', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const [bob, cat] = [await invitable(server, 'bob'), await invitable(server, 'cat')];
  const expired = await bob.user.listen('invitations:expire');
  await ann.send('chats:assign', { chatId, interval: 5 });
  const { invitationId } = (await bob.invitations.next()).data;

  await environment.advance(5 * second);

  const data = { invitationId, chatId, userId: 'bob', reason: 'timeout' };
  expect((await expired.next()).data).toEqual(data);
  expect((await cat.invitations.next()).data).toMatchObject({ chatId, attempt: 2 });
  const late = await refusal(bob.user.send('invitations:accept', { invitationId }));
  expect(late).toMatchObject({ code: 'INVITATION_ENDED', details: { state: 'expired' } });
});

test('an invitation accepted in its last moment does not expire', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const bob = await invitable(server, 'bob');
  const expired = await bob.user.listen('invitations:expire');
  await ann.send('chats:assign', { chatId, interval: 5 });
  const { invitationId } = (await bob.invitations.next()).data;
  await environment.advance(5 * second - 1);
  await bob.user.send('invitations:accept', { invitationId });
  await environment.advance(60 * second);
  await bob.user.caughtUp();
  expect(expired.heard).toEqual([]);
});

test('after the last attempt the chat is alone, although agents are left', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  for (const sub of ['bob', 'cat', 'dan']) await agent(server, sub);
  const alone = await ann.listen('forever:alone');
  const { assignmentId } = await ann.send('chats:assign', { chatId, maxAttempts: 2, interval: 5 });
  await environment.advance(10 * second);
  const reason = 'attempts-exhausted';
  const data = { chatId, assignmentId, reason, attempts: 2, next: 'waiting' };
  expect((await alone.next()).data).toEqual(data);
});

test('after the last agent the chat is alone, although attempts are left', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  for (const sub of ['bob', 'cat']) await agent(server, sub);
  const alone = await ann.listen('forever:alone');
  const { assignmentId } = await ann.send('chats:assign', { chatId, maxAttempts: 9, interval: 5 });
  await environment.advance(60 * second);
  const reason = 'candidates-exhausted';
  const data = { chatId, assignmentId, reason, attempts: 2, next: 'waiting' };
  await ann.caughtUp();
  expect(alone.data).toEqual([data]);
});

test('with less than half an interval left nobody else is invited', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const bob = await invitable(server, 'bob');
  const alone = await ann.listen('forever:alone');
  await ann.send('chats:assign', { chatId, maxAttempts: 1, interval: 10 });
  await bob.invitations.next();
  await environment.advance(second);
  await bob.user.disconnect();
  await untilOffline(server, 'bob', chatId);
  await environment.advance(5 * second);
  expect((await alone.next()).data).toMatchObject({ reason: 'deadline', attempts: 1 });
});

test('an agent who missed a chat is not invited to it again for 120 seconds', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const bob = await invitable(server, 'bob');
  await ann.send('chats:assign', { chatId, interval: 5 });
  await environment.advance(5 * second);
  await environment.advance(120 * second - 1);
  await bob.user.caughtUp();
  expect(bob.invitations.heard).toHaveLength(1);
  await environment.advance(1);
  expect((await bob.invitations.take(2))[1]?.data).toMatchObject({ chatId, attempt: 1 });
});

test('two missed invitations in a row set an agent away', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment, assign } = parley;
  const bob = await agent(server, 'bob');
  const statuses = await bob.listen('agents:status');
  await assign('ann', { interval: 5 });
  await environment.advance(5 * second);
  await bob.caughtUp();
  expect(statuses.heard).toEqual([]);
  await assign('eve', { interval: 5 });
  await environment.advance(5 * second);
  const { agent: view } = (await statuses.next()).data;
  expect(view).toMatchObject({ id: 'bob', status: 'away', reason: 'missed-invitations' });
});

test('an answer between two misses keeps an agent available', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment, assign } = parley;
  const bob = await invitable(server, 'bob');
  const statuses = await bob.user.listen('agents:status');
  await assign('ann', { interval: 5 });
  await environment.advance(5 * second);
  await assign('dan');
  const [, answered] = await bob.invitations.take(2);
  const invitationId = answered?.data.invitationId ?? '';
  await bob.user.send('invitations:accept', { invitationId });
  await assign('eve', { interval: 5 });
  await environment.advance(5 * second);
  await bob.user.caughtUp();
  expect(statuses.heard).toEqual([]);
});

test('an invited agent who is gone for 5 seconds is passed over, and the attempt is given back', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const [bob, cat] = [await invitable(server, 'bob'), await invitable(server, 'cat')];
  const sue = await supervisor(server);
  const expired = await sue.listen('invitations:expire');
  await ann.send('chats:assign', { chatId });
  const { invitationId } = (await bob.invitations.next()).data;
  await bob.user.disconnect();
  await untilOffline(server, 'bob', chatId);

  await environment.advance(5 * second - 1);
  await allCaughtUp(cat.user, sue);
  expect([expired.heard, cat.invitations.heard]).toEqual([[], []]);
  await environment.advance(1);

  const data = { invitationId, chatId, userId: 'bob', reason: 'agent-unavailable' };
  expect((await expired.next()).data).toEqual(data);
  expect((await cat.invitations.next()).data).toMatchObject({ chatId, attempt: 1 });
});

test('an invited agent who is back within 5 seconds keeps the invitation', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const bob = await invitable(server, 'bob');
  await ann.send('chats:assign', { chatId });
  const { invitationId } = (await bob.invitations.next()).data;
  await bob.user.disconnect();
  await untilOffline(server, 'bob', chatId);
  await environment.advance(4 * second);
  const back = await server.connect({ sub: 'bob', role: 'agent', name: 'Bob' });
  await environment.advance(20 * second);
  const { chat } = await back.send('invitations:accept', { invitationId });
  expect(chat.agentId).toBe('bob');
});

test('a chat whose owner is gone for 60 seconds goes to the queue and to another agent', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const bob = await agent(server, 'bob');
  await bob.send('chats:join', { chatId });
  const cat = await invitable(server, 'cat');
  const [presence, inbox] = [await ann.listen('users:presence'), await ann.listen('chats:toinbox')];
  await bob.disconnect();
  expect((await presence.next()).data).toMatchObject({ userId: 'bob', online: false });

  await environment.advance(60 * second - 1);
  await ann.caughtUp();
  expect(inbox.heard).toEqual([]);
  await environment.advance(1);

  expect((await inbox.next()).data).toEqual({ chatId, room: 'sales', reason: 'agent-lost' });
  const { invitationId } = (await cat.invitations.next()).data;
  const { chat } = await cat.user.send('invitations:accept', { invitationId });
  expect(chat).toMatchObject({ status: 'active', agentId: 'cat' });
});

test('an owner who is back within 60 seconds keeps the chat', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const bob = await agent(server, 'bob');
  await bob.send('chats:join', { chatId });
  const presence = await ann.listen('users:presence');
  await bob.disconnect();
  await presence.next(({ data }) => !data.online);
  await environment.advance(59 * second);
  await server.connect({ sub: 'bob', role: 'agent' });
  await presence.next(({ data }) => data.online);
  await environment.advance(300 * second);
  const { chat } = await ann.send('chats:get', { chatId });
  expect(chat).toMatchObject({ status: 'active', agentId: 'bob' });
});

test('a waiting chat whose customer is gone for 300 seconds is closed as abandoned', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const sue = await supervisor(server);
  const [presence, closed] = [await sue.listen('users:presence'), await sue.listen('chats:close')];
  await ann.disconnect();
  await presence.next(({ data }) => data.userId === 'ann');
  await environment.advance(300 * second - 1);
  await sue.caughtUp();
  expect(closed.heard).toEqual([]);
  await environment.advance(1);
  const { data, by } = await closed.next();
  expect(data).toEqual({ chatId, userId: 'system', reason: 'abandoned' });
  expect(by).toEqual({ id: 'system' });
});

test('a customer who is back in time, or whose chat is active, keeps it', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const eve = await customer(server, 'eve');
  const active = await startChat(eve);
  const bob = await agent(server, 'bob');
  await bob.send('chats:join', { chatId: active });
  const sue = await supervisor(server);
  const presence = await sue.listen('users:presence');
  await Promise.all([ann.disconnect(), eve.disconnect()]);
  await presence.take(2);
  await environment.advance(299 * second);
  const back = await customer(server, 'ann');
  await presence.next(({ data }) => data.online);
  await environment.advance(600 * second);
  expect((await back.send('chats:get', { chatId })).chat.status).toBe('waiting');
  expect((await bob.send('chats:get', { chatId: active })).chat.status).toBe('active');
});

test('a chat that was left alone goes to the next agent who logs in, the oldest chat first', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment, assign } = parley;
  const chats = new Map<string, string>();
  for (const sub of ['ann', 'dan', 'eve']) {
    const user = await customer(server, sub);
    chats.set(sub, await startChat(user));
    await environment.advance(second);
  }
  for (const sub of ['eve', 'dan', 'ann']) expect(await assign(sub)).toBeUndefined();
  const bob = await invitable(server, 'bob', { capacity: 2 });
  await bob.user.send('agents:login', { rooms: ['sales'], capacity: 2 });
  await bob.user.caughtUp();
  const invited = bob.invitations.data.map(({ chatId }) => chatId);
  expect(invited).toEqual([chats.get('ann'), chats.get('dan')]);
});

test('a chat that nobody asked an agent for waits on', async () => {
  await using parley = await startOnVirtualTime();
  const { server } = parley;
  await waitingChat(server);
  const bob = await invitable(server, 'bob');
  await bob.user.send('agents:login', { rooms: ['sales'] });
  await bob.user.caughtUp();
  expect(bob.invitations.heard).toEqual([]);
});

test('an agent who closes a chat gets the one that waits', async () => {
  await using parley = await startOnVirtualTime();
  const { server, assign } = parley;
  const { chatId } = await waitingChat(server);
  const bob = await invitable(server, 'bob', { capacity: 1 });
  await bob.user.send('chats:join', { chatId });
  expect(await assign('eve')).toBeUndefined();
  await bob.user.send('chats:close', { chatId });
  expect((await bob.invitations.next()).data.preview.customer.id).toBe('eve');
});

test('an agent of two rooms who is free again in one is invited in the other', async () => {
  await using parley = await startOnVirtualTime();
  const { server } = parley;
  const { ann, chatId } = await waitingChat(server);
  const eve = await customer(server, 'eve');
  const other = await startChat(eve, 'support');
  const bob = await invitable(server, 'bob', { rooms: ['sales', 'support'], capacity: 1 });
  await bob.user.send('chats:join', { chatId });
  expect(await eve.send('chats:assign', { chatId: other })).toMatchObject({ state: 'failed' });
  await ann.send('chats:close', { chatId });
  expect((await bob.invitations.next()).data.chatId).toBe(other);
});

test('an invitation in one room takes capacity in the other', async () => {
  await using parley = await startOnVirtualTime();
  const { server, backend } = parley;
  const { chatId } = await waitingChat(server);
  const other = await startChat(await customer(server, 'eve'), 'support');
  await agent(server, 'bob', { rooms: ['sales', 'support'], capacity: 1 });
  expect(await backend.send('chats:assign', { chatId })).toMatchObject({ state: 'inviting' });
  const { considered } = await backend.send('routing:explain', { chatId: other });
  expect(considered).toEqual([{ agentId: 'bob', verdict: 'at-capacity' }]);
});

test('of two agents who take a chat at once one wins', async () => {
  await using parley = await startOnVirtualTime();
  const { server } = parley;
  const { ann, chatId } = await waitingChat(server);
  const [bob, cat] = [await invitable(server, 'bob'), await agent(server, 'cat')];
  const accepted = await ann.listen('invitations:accept');
  await ann.send('chats:assign', { chatId });
  const { invitationId } = (await bob.invitations.next()).data;
  const [accept, join] = await Promise.allSettled([
    bob.user.send('invitations:accept', { invitationId }),
    cat.send('chats:join', { chatId }),
  ]);
  const { chat } = await ann.send('chats:get', { chatId, fields: 'users' });
  const [winner, lost] = chat.agentId === 'bob' ? [accept, join] : [join, accept];
  expect(winner).toMatchObject({ status: 'fulfilled' });
  const reason = lost.status === 'rejected' ? lost.reason : 'nobody lost';
  expect(await refusalCode(Promise.reject(reason))).toBe('CHAT_TAKEN');
  expect(chat.users?.map(({ id }) => id)).toEqual(['ann', chat.agentId]);
  await ann.caughtUp();
  expect(accepted.data.map(({ userId }) => userId)).toEqual([chat.agentId]);
});

test('a transfer that nobody accepts leaves the chat with its owner', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const bob = await agent(server, 'bob');
  await bob.send('chats:join', { chatId });
  await agent(server, 'cat');
  const [alone, leaves] = [await ann.listen('forever:alone'), await ann.listen('chats:leave')];
  await bob.send('chats:assign', { chatId, interval: 5 });
  await environment.advance(5 * second);
  const reason = 'candidates-exhausted';
  expect((await alone.next()).data).toMatchObject({ reason, next: 'active' });
  const { chat } = await ann.send('chats:get', { chatId });
  expect(chat).toMatchObject({ status: 'active', agentId: 'bob' });
  expect(leaves.heard).toEqual([]);
});

test('after a close nobody is invited any more', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment } = parley;
  const { ann, chatId } = await waitingChat(server);
  const [bob, cat] = [await invitable(server, 'bob'), await invitable(server, 'cat')];
  const [expired, alone] = [
    await bob.user.listen('invitations:expire'),
    await ann.listen('forever:alone'),
  ];
  await ann.send('chats:assign', { chatId, interval: 5 });
  await bob.invitations.next();
  await ann.send('chats:close', { chatId });
  await environment.advance(600 * second);
  await allCaughtUp(ann, bob.user, cat.user);
  expect(expired.data).toMatchObject([{ reason: 'chat-closed' }]);
  expect([alone.heard, cat.invitations.heard]).toEqual([[], []]);
});

test('an agent who is free of a chat of another room takes one that waits', async () => {
  await using server = await startServer({ roomDefaults: { assignOnCreate: true } });
  const bob = await agent(server, 'bob', { rooms: ['a', 'b'], capacity: 1 });
  const [ann, eve] = [await customer(server, 'ann'), await customer(server, 'eve')];
  const invitations = await bob.listen('invitations:new');
  const firstId = await startChat(ann, 'b');
  const { data } = await invitations.next();
  await bob.send('invitations:accept', { invitationId: data.invitationId });
  await bob.send('agents:login', { rooms: ['a'], capacity: 1 });
  const secondId = await startChat(eve, 'a');
  await bob.send('chats:close', { chatId: firstId });
  expect((await invitations.next()).data.chatId).toBe(secondId);
});

test('on a transfer the wait is counted from when it was asked for', async () => {
  await using parley = await startOnVirtualTime();
  const { server, environment, backend } = parley;
  const { chatId } = await waitingChat(server);
  const bob = await agent(server, 'bob');
  await bob.send('chats:join', { chatId });
  await environment.advance(600 * second);
  const { user: cat, invitations } = await invitable(server, 'cat');
  const accepted = await backend.listen('invitations:accept');
  await backend.send('chats:assign', { chatId });
  await environment.advance(7 * second);
  await cat.send('invitations:accept', {
    invitationId: (await invitations.next()).data.invitationId,
  });
  expect((await accepted.next()).data.waitedMs).toBe(7000);
});
