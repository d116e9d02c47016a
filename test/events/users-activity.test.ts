import { expect, test } from 'vitest';

import {
  activeChat,
  agent,
  allCaughtUp,
  customer,
  expectUnseen,
  invalidPaths,
  listenAll,
  refusalCode,
  service,
  startServer,
  supervisor,
} from '../harness.ts';

test('writing is heard by everybody in the chat, also on the own other connections', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const [laptop, eve] = [await customer(server, 'ann'), await customer(server, 'eve')];
  const collectors = await listenAll('users:activity', ann, laptop, bob);
  const eveHears = await eve.listen('users:activity');

  const reply = await ann.send('users:activity', { chatId, type: 'writing' });

  expect(reply).toEqual({ success: true });
  for (const hears of collectors) {
    expect(await hears.next()).toEqual({
      name: 'users:activity',
      chatId,
      at: expect.any(Date),
      by: { id: 'ann', role: 'customer' },
      data: { chatId, userId: 'ann', type: 'writing' },
    });
  }
  await eve.caughtUp();
  expect(eveHears.heard).toEqual([]);
});

test('a draft and its end are heard, and whoever fetches the chat sees who writes', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const bobHears = await bob.listen('users:activity');
  for (const type of ['writing', 'stop-writing', 'not-writing'] as const) {
    await ann.send('users:activity', { chatId, type });
    expect((await bobHears.next()).data).toEqual({ chatId, userId: 'ann', type });
    const { chat } = await bob.send('chats:get', { chatId });
    expect(chat.activity).toEqual(type === 'not-writing' ? [] : [{ userId: 'ann', type }]);
  }
});

test('not writing without having written is heard by nobody', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const bobHears = await bob.listen('users:activity');
  await ann.send('users:activity', { chatId, type: 'not-writing' });
  await bob.caughtUp();
  expect(bobHears.heard).toEqual([]);
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const act = (data: unknown) => invalidPaths(ann.sendUnchecked('users:activity', data));
  expect(await act({ type: 'dancing' })).toEqual(['chatId', 'type']);
  expect(await act({ chatId: 'c_1', type: 'writing', text: 'He' })).toEqual(['']);
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const eve = await customer(server, 'eve');
  const act = (id: string) => eve.send('users:activity', { chatId: id, type: 'writing' });
  await expectUnseen(act(chatId), act('c_unknown'));
});

test('only members write: not agents of the room, not watchers', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const [cat, sue] = [await agent(server, 'cat'), await supervisor(server)];
  await sue.send('chats:join', { chatId, as: 'watcher' });
  for (const user of [cat, sue]) {
    const act = user.send('users:activity', { chatId, type: 'writing' });
    expect(await refusalCode(act)).toBe('FORBIDDEN');
  }
});

test('only services and supervisors tell what somebody else does', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const data = { chatId, type: 'writing' } as const;
  for (const [user, userId] of [
    [ann, 'bob'],
    [bob, 'ann'],
  ] as const) {
    expect(await refusalCode(user.send('users:activity', { ...data, userId }))).toBe('FORBIDDEN');
  }
  const bobHears = await bob.listen('users:activity');
  const backend = await service(server);
  await backend.send('users:activity', { ...data, userId: 'ann' });
  expect((await bobHears.next()).data).toEqual({ ...data, userId: 'ann' });
});

test('nobody writes in a closed chat', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  await ann.send('chats:close', { chatId });
  const act = ann.send('users:activity', { chatId, type: 'writing' });
  expect(await refusalCode(act)).toBe('CHAT_CLOSED');
});

test('activity is not kept: no position, and nothing to replay', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  await ann.send('users:activity', { chatId, type: 'writing' });
  const bobHears = await bob.listen('users:activity', { lastEventId: '0' });
  await allCaughtUp(bob);
  expect(bobHears.heard).toEqual([]);
});
