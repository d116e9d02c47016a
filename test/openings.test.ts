import { expect, test } from 'vitest';

import { Connection } from './conformance/connection.ts';
import { startServer } from './harness.ts';

const path = 'listen.messages:new';

const subscription = (id: number, input: object = {}) => ({
  id,
  method: 'subscription',
  params: { path, input: { json: input } },
});

/** What was answered to a request: that it has started, what messages say, the code of a refusal. */
const answersTo = ({ frames }: Connection, id: number): unknown[] =>
  frames
    .map((frame) => JSON.parse(frame))
    .filter((answer) => answer.id === id)
    .map(({ result, error }) => {
      if (error) return error.json.data.code;
      return result.type === 'data' ? result.data.json.data.data.message.message : result.type;
    });

test('of calls in one frame, a subscription after a send does not hear it, and one before it does', async () => {
  await using server = await startServer();
  await using ann = await server.connect({ sub: 'ann', role: 'customer' });
  const { chat } = await ann.send('chats:create', { room: 'sales', source: 'web' });
  await using connection = await Connection.as(server.url, { sub: 'ann', role: 'customer' });
  const data = { chatId: chat.id, message: 'Hello' };
  const send = {
    id: 3,
    method: 'mutation',
    params: { path: 'send.messages:send', input: { json: { data } } },
  };
  connection.send([subscription(1), subscription(2), send, subscription(4), subscription(5)]);
  await expect.poll(() => connection.frames.length).toBeGreaterThanOrEqual(7);
  await ann.send('messages:send', { chatId: chat.id, message: 'Bye' });
  await expect.poll(() => answersTo(connection, 5)).toContain('Bye');

  for (const id of [1, 2]) expect(answersTo(connection, id)).toEqual(['started', 'Hello', 'Bye']);
  for (const id of [4, 5]) expect(answersTo(connection, id)).toEqual(['started', 'Bye']);
});

test('who asks for what is not there spoils nothing for those who come with them', async () => {
  await using server = await startServer();
  await using connection = await Connection.as(server.url, { sub: 'ann', role: 'customer' });
  connection.send([
    subscription(1),
    subscription(2, { lastEventId: '0@another' }),
    subscription(3),
  ]);
  await expect
    .poll(() => [1, 2, 3].map((id) => answersTo(connection, id)))
    .toEqual([['started'], ['RESYNC'], ['started']]);
});

test('each hears only what is for them, however many come at once', async () => {
  await using server = await startServer();
  const users = Array.from({ length: 120 }, (_, index) => `user-${index}`);
  await using opened = new AsyncDisposableStack();
  const connections = await Promise.all(
    users.map(async (sub) =>
      opened.use(await Connection.as(server.url, { sub, role: 'customer' })),
    ),
  );
  for (const connection of connections) connection.send(subscription(1));
  await expect
    .poll(() => connections.map((connection) => answersTo(connection, 1)))
    .toEqual(users.map(() => ['started']));

  for (const sub of users.slice(0, 3)) {
    await using user = await server.connect({ sub, role: 'customer' });
    const { chat } = await user.send('chats:create', { room: 'sales', source: 'web' });
    await user.send('messages:send', { chatId: chat.id, message: `of ${sub}` });
  }
  await expect
    .poll(() => connections.map((connection) => answersTo(connection, 1)))
    .toEqual(users.map((sub, index) => ['started', ...(index < 3 ? [`of ${sub}`] : [])]));
});
