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
  refusal,
  refusalCode,
  service,
  startChat,
  startServer,
  supervisor,
} from '../harness.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';

test('an assignment answers at once and invites an agent, whom the customer does not see', async () => {
  const environment = createVirtualEnvironment();
  await using server = await startServer({ environment });
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const sue = await supervisor(server);
  const chatId = await startChat(ann);
  await ann.send('messages:send', { chatId, message: 'Hello' });
  const invitations = await bob.listen('invitations:new');
  const [annHears, bobHears, sueHears] = await listenAll('chats:assign', ann, bob, sue);
  const [annDecides, bobDecides, sueDecides] = await listenAll('routing:decide', ann, bob, sue);

  const reply = await ann.send('chats:assign', { chatId, maxAttempts: 2, interval: 10 });

  const { assignmentId, deadline } = reply;
  expect(reply).toEqual({ assignmentId, state: 'inviting', attempt: 1, deadline });
  expect(deadline.getTime()).toBe(environment.now() + 20_000);
  expect((await invitations.next()).data).toEqual({
    invitationId: expect.stringMatching(/^i_/),
    chatId,
    assignmentId,
    attempt: 1,
    expiresAt: new Date(environment.now() + 10_000),
    preview: {
      room: 'sales',
      source: 'web',
      customer: { id: 'ann', name: 'Ann' },
      message: 'Hello',
    },
  });
  for (const hears of [bobHears, sueHears]) {
    const invited = { id: 'bob', name: 'Bob' };
    const data = { chatId, assignmentId, attempt: 1, maxAttempts: 2, agent: invited, deadline };
    expect((await hears.next()).data).toEqual(data);
  }
  expect((await sueDecides.next()).data).toEqual({
    chatId,
    assignmentId,
    attempt: 1,
    algorithm: 'least-busy',
    chosen: 'bob',
    considered: [{ agentId: 'bob', verdict: 'chosen' }],
  });
  await allCaughtUp(ann, bob);
  expect([annHears.heard, annDecides.heard, bobDecides.heard]).toEqual([[], [], []]);
});

test('whoever is no customer sees who is invited', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const backend = await service(server);
  const chatId = await startChat(ann);
  const reply = await backend.send('chats:assign', { chatId });
  expect(reply.agent).toEqual({ id: bob.id, name: 'Bob' });
});

test('without an agent the assignment fails at once, and everybody of the chat hears so', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const sue = await supervisor(server);
  const chatId = await startChat(ann);
  const [annHears, sueHears] = await listenAll('forever:alone', ann, sue);
  const reply = await ann.send('chats:assign', { chatId });
  expect(reply).toMatchObject({ state: 'failed', attempt: 0 });
  const { assignmentId } = reply;
  const data = { chatId, assignmentId, reason: 'no-candidates', attempts: 0, next: 'waiting' };
  await allCaughtUp(ann, sue);
  expect([annHears.data, sueHears.data]).toEqual([[data], [data]]);
});

test('a room may close the chats nobody takes', async () => {
  await using server = await startServer({ rooms: { sales: { onForeverAlone: 'close' } } });
  const ann = await customer(server, 'ann');
  const chatId = await startChat(ann);
  const [alone, closed] = [await ann.listen('forever:alone'), await ann.listen('chats:close')];
  await ann.send('chats:assign', { chatId });
  expect((await alone.next()).data).toMatchObject({ reason: 'no-candidates', next: 'closed' });
  expect((await closed.next()).data).toEqual({ chatId, userId: 'system', reason: 'no-agent' });
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const assign = (data: object) =>
    invalidPaths(ann.sendUnchecked('chats:assign', { chatId: 'c_1', ...data }));
  expect(await assign({ chatId: 7, algorithm: '' })).toEqual(['chatId', 'algorithm']);
  expect(await assign({ maxAttempts: 0, interval: 4 })).toEqual(['maxAttempts', 'interval']);
  expect(await assign({ maxAttempts: 21, interval: 3601 })).toEqual(['maxAttempts', 'interval']);
  expect(await assign({ agent: 'bob' })).toEqual(['']);
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const [ann, eve] = [await customer(server, 'ann'), await customer(server, 'eve')];
  const cat = await agent(server, 'cat', { rooms: ['support'] });
  const chatId = await startChat(ann);
  for (const user of [eve, cat]) {
    const assign = (id: string) => user.send('chats:assign', { chatId: id });
    await expectUnseen(assign(chatId), assign('c_unknown'));
  }
});

test('an agent of the room offers a waiting chat, but not one that another agent owns', async () => {
  await using server = await startServer();
  const [cat, ann] = [await agent(server, 'cat'), await customer(server, 'ann')];
  const chatId = await startChat(ann);
  expect(await cat.send('chats:assign', { chatId })).toMatchObject({ state: 'inviting' });
  await cat.send('chats:join', { chatId });
  const dan = await agent(server, 'dan');
  expect(await refusalCode(dan.send('chats:assign', { chatId }))).toBe('FORBIDDEN');
});

test('a closed chat is not assigned', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const chatId = await startChat(ann);
  await ann.send('chats:close', { chatId });
  expect(await refusalCode(ann.send('chats:assign', { chatId }))).toBe('CHAT_CLOSED');
});

test('while an assignment runs a second one is refused and told which', async () => {
  await using server = await startServer();
  const [ann] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const chatId = await startChat(ann);
  const { assignmentId } = await ann.send('chats:assign', { chatId });
  const second = await refusal(ann.send('chats:assign', { chatId }));
  expect(second).toMatchObject({ code: 'ASSIGNMENT_RUNNING', details: { assignmentId } });
});

test('an unknown algorithm is refused with the known ones', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const chatId = await startChat(ann);
  const { code, details } = await refusal(
    ann.send('chats:assign', { chatId, algorithm: 'coin-toss' }),
  );
  expect(code).toBe('UNKNOWN_ALGORITHM');
  expect(details).toEqual({
    known: ['least-busy', 'round-robin', 'longest-idle', 'random', 'sticky', 'priority'],
  });
});

test('the owner of an active chat may transfer it and stays until the next agent accepts', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const cat = await agent(server, 'cat');
  const invitations = await cat.listen('invitations:new');
  const reply = await bob.send('chats:assign', { chatId });
  expect(reply).toMatchObject({ state: 'inviting', agent: { id: 'cat', name: 'Cat' } });
  expect((await bob.send('chats:get', { chatId })).chat).toMatchObject({
    status: 'active',
    agentId: 'bob',
  });
  const { invitationId } = (await invitations.next()).data;
  const { chat } = await cat.send('invitations:accept', { invitationId });
  expect(chat).toMatchObject({ status: 'active', agentId: 'cat' });
});

test('a repeat under the same key invites nobody twice', async () => {
  await using server = await startServer();
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const invitations = await bob.listen('invitations:new');
  const chatId = await startChat(ann);
  await expectOneEffect(ann, 'chats:assign', { chatId }, { chatId, interval: 5 });
  await bob.caughtUp();
  expect(invitations.heard).toHaveLength(1);
});
