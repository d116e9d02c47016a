import { once } from 'node:events';

import type { Occurrence } from '@parley/contract';
import { signToken } from '@parley/server';
import superjson, { type SuperJSONResult } from 'superjson';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { secret, startServer, type TestServer } from './harness.ts';

/** More than a connection's buffers hold, the system's too. */
const flood = { messages: 1500, length: 8000 };

/** Who hears every message of every chat over a connection that can stop reading. */
async function listen({ url }: TestServer, lastEventId?: string) {
  const token = await signToken({ secret, sub: 'watchful', role: 'service' });
  const socket = new WebSocket(`${url}?connectionParams=1`);
  const heard: Occurrence[] = [];
  const started = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const message: Message = JSON.parse(String(data));
    if (message.result?.type === 'started') started.resolve();
    if (!message.result?.data) return;
    const item = superjson.deserialize<{ data: Occurrence }>(message.result.data);
    heard.push(item.data);
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
  const input = { json: lastEventId === undefined ? {} : { lastEventId } };
  const params = { path: 'listen.messages:new', input };
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params }));
  await started.promise;
  return {
    heard,
    socket,
    closed: once(socket, 'close'),
    [Symbol.dispose]: () => socket.terminate(),
  };
}

interface Message {
  result?: { type: string; data?: SuperJSONResult };
}

test('who stops reading is cut off, others hear on, and after coming back nothing is missing', async () => {
  await using server = await startServer();
  await using ann = await server.connect({ sub: 'ann', role: 'customer' });
  await using desk = await server.connect({ sub: 'desk', role: 'service' });
  const { chat } = await ann.send('chats:create', { room: 'sales', source: 'web' });
  const heardByOthers = await desk.listen('messages:new');

  using slow = await listen(server);
  slow.socket.pause();
  const written: string[] = [];
  for (let first = 0; first < flood.messages; first += 5) {
    const numbers = Array.from({ length: 5 }, (_, index) => first + index);
    const replies = await Promise.all(
      numbers.map((number) => {
        const message = `${number} `.padEnd(flood.length, 'x');
        return ann.send('messages:send', { chatId: chat.id, message });
      }),
    );
    written.push(...replies.map(({ message }) => message.id));
  }
  await expect.poll(() => heardByOthers.heard.length).toBe(flood.messages);

  slow.socket.resume();
  const [code] = await slow.closed;
  expect(code).toBe(4408);
  const idOf = ({ data }: Occurrence) => (data as { message: { id: string } }).message.id;
  const before = slow.heard.map(idOf);
  expect(before.length).toBeLessThan(flood.messages);
  expect(before).toEqual(written.slice(0, before.length));

  using again = await listen(server, String(slow.heard.at(-1)?.position ?? 0));
  const missing = flood.messages - before.length;
  await expect.poll(() => again.heard.length, { timeout: 10_000 }).toBe(missing);
  expect([...before, ...again.heard.map(idOf)]).toEqual(written);
});
