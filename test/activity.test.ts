import { expect, test } from 'vitest';

import { activeChat, customer, startServer } from './harness.ts';
import { createVirtualEnvironment } from './virtual-environment.ts';

const second = 1000;

test('writing ends by itself after 12 seconds', async () => {
  await using parley = await startWriting();
  const { environment, bob, chatId, bobHears } = parley;
  await environment.advance(12 * second - 1);
  await bob.caughtUp();
  expect(bobHears.heard).toEqual([]);
  await environment.advance(1);
  expect(await bobHears.next()).toMatchObject({
    by: { id: 'system' },
    data: { chatId, userId: 'ann', type: 'not-writing', cause: 'expired' },
  });
  expect((await bob.send('chats:get', { chatId })).chat.activity).toEqual([]);
});

test('a repeat is not told again and gives 12 more seconds', async () => {
  await using parley = await startWriting();
  const { environment, ann, bob, chatId, bobHears } = parley;
  await environment.advance(10 * second);
  await ann.send('users:activity', { chatId, type: 'writing' });
  await environment.advance(10 * second);
  await bob.caughtUp();
  expect(bobHears.heard).toEqual([]);
  await environment.advance(2 * second);
  expect((await bobHears.next()).data).toMatchObject({ type: 'not-writing', cause: 'expired' });
});

test('a draft does not end by time', async () => {
  await using parley = await startWriting();
  const { environment, ann, bob, chatId, bobHears } = parley;
  await ann.send('users:activity', { chatId, type: 'stop-writing' });
  await environment.advance(600 * second);
  await bob.caughtUp();
  expect(bobHears.data).toEqual([{ chatId, userId: 'ann', type: 'stop-writing' }]);
});

test('a message ends the writing of its sender', async () => {
  await using parley = await startWriting();
  const { environment, ann, bob, chatId, bobHears } = parley;
  await ann.send('messages:send', { chatId, message: 'Hello' });
  const ended = { chatId, userId: 'ann', type: 'not-writing', cause: 'sent' };
  expect((await bobHears.next()).data).toEqual(ended);
  await environment.advance(60 * second);
  await bob.caughtUp();
  expect(bobHears.heard).toHaveLength(1);
});

test("a message leaves the others' writing as it is", async () => {
  await using parley = await startWriting();
  const { bob, chatId, bobHears } = parley;
  await bob.send('messages:send', { chatId, message: 'Hello' });
  await bob.caughtUp();
  expect(bobHears.heard).toEqual([]);
});

test('whoever writes on right after a message is writing', async () => {
  await using parley = await startWriting();
  const { ann, bob, chatId } = parley;
  await Promise.all([
    ann.send('messages:send', { chatId, message: 'Hello' }),
    ann.send('users:activity', { chatId, type: 'writing' }),
  ]);
  const { chat } = await bob.send('chats:get', { chatId });
  expect(chat.activity).toEqual([{ userId: 'ann', type: 'writing' }]);
});

test('a lost connection ends the writing', async () => {
  await using parley = await startWriting();
  const { ann, chatId, bobHears } = parley;
  await ann.disconnect();
  const ended = { chatId, userId: 'ann', type: 'not-writing', cause: 'disconnected' };
  expect((await bobHears.next()).data).toEqual(ended);
});

test('a close ends the writing', async () => {
  await using parley = await startWriting();
  const { bob, chatId, bobHears } = parley;
  await bob.send('chats:close', { chatId });
  const ended = { chatId, userId: 'ann', type: 'not-writing', cause: 'closed' };
  expect((await bobHears.next()).data).toEqual(ended);
});

test('whoever leaves is not writing any more', async () => {
  await using parley = await startWriting();
  const { ann, bob, chatId } = parley;
  await bob.send('users:activity', { chatId, type: 'stop-writing' });
  await bob.send('chats:leave', { chatId });
  const { chat } = await ann.send('chats:get', { chatId });
  expect(chat.activity).toEqual([{ userId: 'ann', type: 'writing' }]);
});

test('a user who writes on two devices writes until the last one ends', async () => {
  await using parley = await startWriting();
  const { environment, server, ann, bob, chatId, bobHears } = parley;
  const laptop = await customer(server, 'ann');
  await environment.advance(5 * second);
  await laptop.send('users:activity', { chatId, type: 'writing' });
  await ann.send('users:activity', { chatId, type: 'not-writing' });
  await bob.caughtUp();
  expect(bobHears.heard).toEqual([]);
  await environment.advance(12 * second);
  expect((await bobHears.next()).data).toMatchObject({ type: 'not-writing', cause: 'expired' });
});

test('writing on one device outweighs a draft on another', async () => {
  await using parley = await startWriting();
  const { server, ann, chatId, bobHears } = parley;
  const laptop = await customer(server, 'ann');
  await laptop.send('users:activity', { chatId, type: 'stop-writing' });
  await ann.send('users:activity', { chatId, type: 'not-writing' });
  expect((await bobHears.next()).data).toEqual({ chatId, userId: 'ann', type: 'stop-writing' });
  expect(bobHears.heard).toHaveLength(1);
});

test('a message ends the writing on all devices', async () => {
  await using parley = await startWriting();
  const { server, ann, bob, chatId, bobHears } = parley;
  const laptop = await customer(server, 'ann');
  await laptop.send('users:activity', { chatId, type: 'writing' });
  await ann.send('messages:send', { chatId, message: 'Hello' });
  await bob.caughtUp();
  expect(bobHears.data).toMatchObject([{ type: 'not-writing', cause: 'sent' }]);
});

/** Ann writes in the chat she has with Bob, who listens to what comes next. */
async function startWriting() {
  const environment = createVirtualEnvironment();
  const server = await startServer({ environment });
  const { ann, bob, chatId } = await activeChat(server);
  await ann.send('users:activity', { chatId, type: 'writing' });
  const bobHears = await bob.listen('users:activity');
  const { [Symbol.asyncDispose]: dispose } = server;
  return { environment, server, ann, bob, chatId, bobHears, [Symbol.asyncDispose]: dispose };
}
