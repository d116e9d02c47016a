import { expect, test } from 'vitest';

import {
  activeChat,
  agent,
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
  type TestServer,
} from '../harness.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';

test('the agent who accepts owns the chat, and everybody in it hears how long the customer waited', async () => {
  const environment = createVirtualEnvironment();
  await using server = await startServer({ environment });
  const { ann, bob, chatId, invite } = await waitingChat(server);
  const eve = await customer(server, 'eve');
  const collectors = await listenAll('invitations:accept', ann, bob);
  const [joins, eveHears] = [
    await ann.listen('chats:join'),
    await eve.listen('invitations:accept'),
  ];
  await environment.advance(4200);
  const invitationId = await invite();

  const { chat } = await bob.send('invitations:accept', { invitationId });

  expect(chat).toMatchObject({ id: chatId, status: 'active', agentId: 'bob' });
  const who = { id: 'bob', name: 'Bob' };
  const data = { invitationId, chatId, userId: 'bob', agent: who, waitedMs: 4200 };
  for (const hears of collectors) expect((await hears.next()).data).toEqual(data);
  expect((await joins.next()).data.user).toMatchObject({ ...who, role: 'agent', as: 'member' });
  await eve.caughtUp();
  expect(eveHears.heard).toEqual([]);
});

test('accepting a second time gives the chat again and is heard by nobody', async () => {
  await using server = await startServer();
  const { ann, bob, chatId, invite } = await waitingChat(server);
  const invitationId = await invite();
  await bob.send('invitations:accept', { invitationId });
  const annHears = await ann.listen('invitations:accept');
  const again = await bob.send('invitations:accept', { invitationId });
  expect(again.chat).toMatchObject({ id: chatId, agentId: 'bob' });
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('an accepted transfer ends the ownership of the agent before', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const cat = await agent(server, 'cat');
  const [invitations, leaves] = [
    await cat.listen('invitations:new'),
    await ann.listen('chats:leave'),
  ];
  await bob.send('chats:assign', { chatId });
  const { invitationId } = (await invitations.next()).data;
  await cat.send('invitations:accept', { invitationId });
  expect((await leaves.next()).data).toMatchObject({ user: { id: 'bob' }, reason: 'transferred' });
  const { chat } = await ann.send('chats:get', { chatId, fields: 'users' });
  expect(chat.users?.map(({ id }) => id)).toEqual(['ann', 'cat']);
});

test('an agent who has logged out meanwhile may still accept', async () => {
  await using server = await startServer();
  const { ann, bob, invite } = await waitingChat(server);
  const [invitationId, joins] = [await invite(), await ann.listen('chats:join')];
  await bob.send('agents:logout', {});
  const { chat } = await bob.send('invitations:accept', { invitationId });
  expect(chat.agentId).toBe('bob');
  expect((await joins.next()).data.user).toMatchObject({ id: 'bob', name: 'Bob' });
});

test('an invitation that was rejected is not accepted any more', async () => {
  await using server = await startServer();
  const { bob, invite } = await waitingChat(server);
  const invitationId = await invite();
  await bob.send('invitations:reject', { invitationId });
  const late = await refusal(bob.send('invitations:accept', { invitationId }));
  expect(late).toMatchObject({ code: 'INVITATION_ENDED', details: { state: 'rejected' } });
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  const accept = (data: unknown) => invalidPaths(bob.sendUnchecked('invitations:accept', data));
  expect(await accept({ invitationId: '' })).toEqual(['invitationId']);
  expect(await accept({ invitationId: 'i_1', chatId: 'c_1' })).toEqual(['']);
});

test('only agents accept', async () => {
  await using server = await startServer();
  const { ann, invite } = await waitingChat(server);
  const invitationId = await invite();
  for (const user of [ann, await supervisor(server), await service(server)]) {
    expect(await refusalCode(user.send('invitations:accept', { invitationId }))).toBe('FORBIDDEN');
  }
});

test('an invitation of another agent is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { invite } = await waitingChat(server);
  const invitationId = await invite();
  const cat = await agent(server, 'cat');
  const accept = (id: string) => cat.send('invitations:accept', { invitationId: id });
  await expectUnseen(accept(invitationId), accept('i_unknown'));
});

test('a repeat under the same key accepts once', async () => {
  await using server = await startServer();
  const { ann, bob, invite } = await waitingChat(server);
  const [annHears, invitationId] = [await ann.listen('invitations:accept'), await invite()];
  await expectOneEffect(bob, 'invitations:accept', { invitationId }, { invitationId: 'i_unknown' });
  await ann.caughtUp();
  expect(annHears.heard).toHaveLength(1);
});

/** Ann's chat waits, and Bob is there to be invited. */
async function waitingChat(server: TestServer) {
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const [chatId, invitations] = [await startChat(ann), await bob.listen('invitations:new')];
  const invite = async () => {
    await ann.send('chats:assign', { chatId });
    return (await invitations.next()).data.invitationId;
  };
  return { ann, bob, chatId, invite };
}
