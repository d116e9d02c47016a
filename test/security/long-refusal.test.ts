import { expect, test } from 'vitest';

import { errorIn, kindOf } from '../conformance/answer.ts';
import { Connection, request } from '../conformance/connection.ts';
import { startServer } from '../harness.ts';

const bob = { sub: 'bob', role: 'agent' } as const;
const limits = { sendsPerSecond: 0 };

/** The most bytes that may refuse a frame. */
const most = (frame: unknown) => 2 * JSON.stringify(frame).length + 1024;

const many = <Value>(count: number, make: (id: number) => Value) =>
  Array.from({ length: count }, (_, id) => make(id));

test('what is wrong in 50 places is refused in not much more words than it has', async () => {
  await using server = await startServer();
  await using connection = await Connection.as(server.url, bob);
  const data = { rooms: many(50, () => 1) };
  const asked = request(1, 'mutation', 'send.agents:login', { data });
  connection.send(asked);
  await connection.answer(1);
  expect(connection.frames.join('').length).toBeLessThan(most(asked));
});

test.each([
  ['calls of nothing', 16, { method: 'mutation', params: { path: '' } }],
  ['calls without data', 16, { method: 'mutation', params: { path: 'send.messages:send' } }],
  ['subscriptions to nothing', 128, { method: 'subscription', params: { path: '' } }],
])('%s, as many as fit a frame, are refused each, in brief', async (_what, count, call) => {
  await using server = await startServer({ limits });
  await using connection = await Connection.as(server.url, bob);
  const frame = many(count, (id) => ({ id, ...call }));
  connection.send(frame);
  const answers = await Promise.all(many(count, (id) => connection.answer(id)));
  expect(Buffer.byteLength(connection.frames.join(''))).toBeLessThan(most(frame));
  const [last] = answers.map(errorIn).toReversed();
  expect(last?.message).toBe(last?.data.code);
  expect(last?.data).not.toHaveProperty('errorId');
  expect(last?.data).not.toHaveProperty('details');
});

test('the first of many wrong calls is told all, and right ones among them are answered', async () => {
  await using server = await startServer({ limits });
  await using connection = await Connection.as(server.url, bob);
  const wrong = (id: number) => request(id, 'mutation', 'send.messages:send', { data: {} });
  const right = request(15, 'mutation', 'send.users:chats', { data: {} });
  connection.send([...many(15, wrong), right]);
  const [first, last] = [await connection.answer(0), await connection.answer(14)];
  expect(errorIn(first)?.data.details).toHaveProperty('issues.0.path', ['chatId']);
  expect(errorIn(last)).toMatchObject({ message: 'VALIDATION', data: { retryable: false } });
  expect(kindOf(await connection.answer(15))).toBe('data');
});

test('a frame with thousands of messages that are none is refused once', async () => {
  await using server = await startServer();
  await using connection = await Connection.as(server.url, bob);
  connection.send(many(5_000, (id) => (id % 2 === 0 ? 0 : { id })));
  expect(kindOf(await connection.answer(null))).toBe('VALIDATION');
  await connection.ping();
  expect(connection.untaken).toEqual([]);
});
