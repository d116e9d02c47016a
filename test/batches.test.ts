import { once } from 'node:events';

import { signToken } from '@parley/server';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { secret, startServer } from './harness.ts';

const calls = 40;

/** The frames that answer many calls of one tick. */
async function answersTo(parameters: Record<string, string>): Promise<string[]> {
  await using server = await startServer();
  const token = await signToken({ secret, sub: 'ann', role: 'customer' });
  const socket = new WebSocket(`${server.url}?connectionParams=1`);
  const frames: string[] = [];
  const all = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    frames.push(String(data));
    if (frames.flatMap(messagesIn).length === calls && frames.includes('PONG')) all.resolve();
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ method: 'connectionParams', data: { token, ...parameters } }));
  for (let id = 1; id <= calls; id += 1) {
    const params = { path: 'send.users:chats', input: { json: { data: {} } } };
    socket.send(JSON.stringify({ id, method: 'mutation', params }));
  }
  socket.send('PING');
  await all.promise;
  socket.terminate();
  return frames;
}

const messagesIn = (frame: string): { id: number }[] =>
  frame === 'PONG' ? [] : [JSON.parse(frame)].flat();

const ids = Array.from({ length: calls }, (_, index) => index + 1);

test('who takes batches gets what is sent in one turn as one array, and signs of life by themselves', async () => {
  const frames = await answersTo({ batches: '1' });
  expect(frames.flatMap(messagesIn).map(({ id }) => id)).toEqual(ids);
  expect(frames.filter((frame) => frame.startsWith('['))).not.toEqual([]);
  expect(frames.length).toBeLessThan(calls);
});

test('everybody else gets a frame for each message', async () => {
  const frames = await answersTo({});
  expect(frames.filter((frame) => frame !== 'PONG').map((frame) => JSON.parse(frame).id)).toEqual(
    ids,
  );
});
