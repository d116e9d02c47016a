import { expect, test } from 'vitest';

import {
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

test('a rejected invitation goes on to the next agent at once', async () => {
  await using server = await startServer();
  const { ann, bob, chatId, invitationId } = await invited(server);
  const [cat, sue] = [await agent(server, 'cat'), await supervisor(server)];
  const [annHears, bobHears, sueHears] = await listenAll('invitations:reject', ann, bob, sue);
  const catInvitations = await cat.listen('invitations:new');

  const reply = await bob.send('invitations:reject', { invitationId, reason: 'busy' });

  expect(reply).toEqual({ rejected: true });
  const data = { invitationId, chatId, userId: 'bob', reason: 'busy' };
  for (const hears of [bobHears, sueHears]) expect((await hears.next()).data).toEqual(data);
  expect((await catInvitations.next()).data).toMatchObject({ chatId, attempt: 2 });
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('after the last agent has rejected, the chat is alone', async () => {
  await using server = await startServer();
  const { ann, bob, chatId, invitationId } = await invited(server);
  const annHears = await ann.listen('forever:alone');
  await bob.send('invitations:reject', { invitationId });
  const reason = 'candidates-exhausted';
  expect((await annHears.next()).data).toMatchObject({ chatId, reason, attempts: 1 });
});

test('an agent who has rejected a chat is not asked again at once', async () => {
  await using server = await startServer();
  const { bob, invitationId } = await invited(server);
  const invitations = await bob.listen('invitations:new');
  await bob.send('invitations:reject', { invitationId });
  await bob.caughtUp();
  expect(invitations.heard).toEqual([]);
});

test('rejecting a second time changes nothing', async () => {
  await using server = await startServer();
  const { bob, invitationId } = await invited(server);
  const bobHears = await bob.listen('invitations:reject');
  await bob.send('invitations:reject', { invitationId });
  const again = await bob.send('invitations:reject', { invitationId });
  expect(again).toEqual({ rejected: false });
  await bob.caughtUp();
  expect(bobHears.heard).toHaveLength(1);
});

test('an accepted invitation is not rejected any more', async () => {
  await using server = await startServer();
  const { bob, invitationId } = await invited(server);
  await bob.send('invitations:accept', { invitationId });
  const late = await refusal(bob.send('invitations:reject', { invitationId }));
  expect(late).toMatchObject({ code: 'INVITATION_ENDED', details: { state: 'accepted' } });
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  const reject = (data: unknown) => invalidPaths(bob.sendUnchecked('invitations:reject', data));
  expect(await reject({ reason: '' })).toEqual(['invitationId', 'reason']);
  expect(await reject({ invitationId: 'i_1', forever: true })).toEqual(['']);
});

test('only agents reject', async () => {
  await using server = await startServer();
  const { ann, invitationId } = await invited(server);
  for (const user of [ann, await supervisor(server), await service(server)]) {
    expect(await refusalCode(user.send('invitations:reject', { invitationId }))).toBe('FORBIDDEN');
  }
});

test('an invitation of another agent is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { invitationId } = await invited(server);
  const cat = await agent(server, 'cat');
  const reject = (id: string) => cat.send('invitations:reject', { invitationId: id });
  await expectUnseen(reject(invitationId), reject('i_unknown'));
});

test('a repeat under the same key rejects once', async () => {
  await using server = await startServer();
  const { bob, invitationId } = await invited(server);
  const bobHears = await bob.listen('invitations:reject');
  const data = { invitationId };
  const other = { invitationId, reason: 'busy' };
  const reply = await expectOneEffect(bob, 'invitations:reject', data, other);
  expect(reply.rejected).toBe(true);
  await bob.caughtUp();
  expect(bobHears.heard).toHaveLength(1);
});

/** Bob is invited to Ann's chat. */
async function invited(server: TestServer) {
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const [chatId, invitations] = [await startChat(ann), await bob.listen('invitations:new')];
  await ann.send('chats:assign', { chatId });
  const { invitationId } = (await invitations.next()).data;
  return { ann, bob, chatId, invitationId };
}
