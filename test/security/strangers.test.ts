import { once } from 'node:events';

import { signToken } from '@parley/server';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { secret, startServer } from '../harness.ts';

/** Opens a connection from an address of this machine, and says nothing; the status when it is refused. */
async function come(url: string, localAddress: string): Promise<WebSocket | string> {
  const socket = new WebSocket(`${url}?connectionParams=1`, { localAddress });
  return await once(socket, 'open').then(
    () => socket,
    (error: unknown) => {
      const [, status = String(error)] = /response: (\d+)/.exec(String(error)) ?? [];
      return status;
    },
  );
}

async function enter(url: string, localAddress: string): Promise<WebSocket> {
  const socket = await come(url, localAddress);
  if (typeof socket === 'string') throw new Error(`Refused with ${socket}.`);
  return socket;
}

test('strangers are counted by their address, also those who came while there were few', async () => {
  await using server = await startServer({ limits: { unauthenticatedPerAddress: 3 } });
  const { url } = server;
  const [here, there] = ['127.0.0.1', '127.0.0.2'];
  const first = await enter(url, there);
  const second = await enter(url, there);
  await enter(url, here);
  // As many as one address may have, but of two.
  await enter(url, here);
  await enter(url, there);
  expect(await come(url, there)).toBe('429');

  first.close();
  await once(first, 'close');
  await expect.poll(async () => typeof (await come(url, there))).toBe('object');
  expect(await come(url, there)).toBe('429');

  const token = await signToken({ sub: 'ann', role: 'customer', secret });
  second.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
  await expect.poll(async () => typeof (await come(url, there))).toBe('object');
  expect(await come(url, there)).toBe('429');
  expect(await come(url, here)).toBeInstanceOf(WebSocket);
});
