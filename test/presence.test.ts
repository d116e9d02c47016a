import { signToken } from '@parley/server';
import { expect, test } from 'vitest';

import {
  activeChat,
  customer,
  listenAll,
  openClient,
  secret,
  startServer,
  supervisor,
  TestUser,
} from './harness.ts';
import { createVirtualEnvironment } from './virtual-environment.ts';

test('a user is online while one connection lives, and everybody in the chat hears of a change', async () => {
  const environment = createVirtualEnvironment();
  await using server = await startServer({ environment });
  const { ann, bob, chatId } = await activeChat(server);
  const eve = await customer(server, 'eve');
  const [bobHears, eveHears] = await listenAll('users:presence', bob, eve);
  const laptop = await customer(server, 'ann');
  await ann.disconnect();
  await laptop.caughtUp();
  await bob.caughtUp();
  expect(bobHears.heard).toEqual([]);

  await laptop.disconnect();
  const lastSeenAt = new Date(environment.now());
  expect(await bobHears.next()).toEqual({
    name: 'users:presence',
    chatId,
    at: lastSeenAt,
    by: { id: 'ann', role: 'customer' },
    data: { userId: 'ann', online: false, lastSeenAt },
  });
  await environment.advance(60_000);
  await customer(server, 'ann');
  const back = { userId: 'ann', online: true, lastSeenAt: new Date(environment.now()) };
  expect((await bobHears.next()).data).toEqual(back);
  await eve.caughtUp();
  expect(eveHears.heard).toEqual([]);
});

test('customers do not hear of a watcher who comes and goes', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  await sue.send('chats:join', { chatId, as: 'watcher' });
  const [annHears, bobHears] = await listenAll('users:presence', ann, bob);
  await sue.disconnect();
  expect((await bobHears.next()).data).toMatchObject({ userId: 'sue', online: false });
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('supervisors hear of a user who is seen for the first time, and of nobody twice', async () => {
  await using server = await startServer();
  const sue = await supervisor(server);
  const bystander = await customer(server, 'eve');
  const [sueHears, eveHears] = await listenAll('users:signup', sue, bystander);
  const ann = await customer(server, 'ann');
  await ann.disconnect();
  await customer(server, 'ann');
  await customer(server, 'dan');
  const heard = await sueHears.take(2);
  expect(heard.map(({ data }) => data.user)).toEqual([
    { id: 'ann', name: 'Ann', role: 'customer' },
    { id: 'dan', name: 'Dan', role: 'customer' },
  ]);
  await bystander.caughtUp();
  expect(eveHears.heard).toEqual([]);
});

test('of many who come at the same time each is known once, and only who was revoked or has no good token is not let in', async () => {
  await using server = await startServer();
  const sue = await supervisor(server);
  const hears = await sue.listen('users:signup');
  const names = Array.from({ length: 40 }, (_, index) => `user-${index}`);
  const tokens = await Promise.all(
    names.map((sub) => {
      const by = sub === 'user-9' ? 'another secret' : secret;
      return signToken({ secret: by, sub, role: 'customer', name: sub });
    }),
  );
  await server.revoke('user-7');
  const users = names.map(
    (name, index) => new TestUser(name, openClient(server.url, { token: tokens[index] ?? '' })),
  );
  const answers = await Promise.all(
    users.map((user) =>
      user.send('users:chats', {}).then(
        () => 'let in',
        () => user.id,
      ),
    ),
  );
  expect(answers.filter((answer) => answer !== 'let in')).toEqual(['user-7', 'user-9']);
  const heard = await hears.take(38);
  const others = names.filter((name) => name !== 'user-7' && name !== 'user-9');
  expect(heard.map(({ data }) => data.user.id).toSorted()).toEqual(others.toSorted());
  await sue.caughtUp();
  expect(hears.heard).toHaveLength(38);
  await Promise.all(users.map((user) => user[Symbol.asyncDispose]()));
});
