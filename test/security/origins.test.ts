import { once } from 'node:events';
import { request } from 'node:http';

import { signToken } from '@parley/server';
import { describe, expect, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';

import { openWorkplace } from '../cli/command.ts';
import { secret, startServer } from '../harness.ts';

const shop = 'https://shop.example';

async function statusOf(url: string, options: ClientOptions): Promise<number> {
  const socket = new WebSocket(url, options);
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (asked, { statusCode = 0 }) => {
      asked.destroy();
      resolve(statusCode);
    });
  });
}

/** What a browser could say its page is of, and whether it gets a connection. */
const origins: [string | undefined, 101 | 403, string][] = [
  [shop, 101, 'the listed one'],
  [undefined, 101, 'none, which is no browser; a token is asked for all the same'],
  ['https://evil.example', 403, 'another'],
  ['http://shop.example', 403, 'the listed one without TLS'],
  ['https://shop.example:8443', 403, 'another port'],
  ['https://www.shop.example', 403, 'a part of it'],
  ['https://shop.example.evil.example', 403, 'one that begins like it'],
  ['https://evilshop.example', 403, 'one that ends like it'],
  ['https://shop.example/', 403, 'one that no browser writes so'],
  ['https://SHOP.example', 403, 'one in other letters'],
  ['null', 403, 'a page without an origin'],
  ['*', 403, 'a wildcard'],
  ['https://shop.example, https://evil.example', 403, 'two at once'],
  ['', 403, 'an empty one'],
];

describe('a page may connect from an origin on the list and from no other', () => {
  test.each(origins)('%s: %d, %s', async (origin, status) => {
    await using server = await startServer({ origins: [shop] });
    const headers = origin === undefined ? {} : { origin };
    expect(await statusOf(server.url, { headers })).toBe(status);
  });
});

test.each(['*', 'https://*.shop.example', 'shop.example', 'https://shop.example/', 'null'])(
  'a list with %j on it does not start',
  async (origin) => {
    await expect(startServer({ origins: [origin] })).rejects.toThrow('is no origin');
  },
);

test('PARLEY_ORIGINS is checked before anything is served', async () => {
  await using workplace = await openWorkplace({ PARLEY_ORIGINS: `${shop},*` });
  const { code, errors } = await workplace.run('serve', '--port', '0');
  expect(code).not.toBe(0);
  expect(errors).toContain('"*" is no origin');
  expect(errors.trimEnd().split('\n')).toHaveLength(1);
});

test.each([undefined, shop])('a cookie is no token, with the origin %s', async (origin) => {
  await using server = await startServer({ origins: [shop] });
  const token = await signToken({ sub: 'ann', role: 'customer', secret });
  const headers = {
    cookie: `token=${token}; session=${token}`,
    authorization: `Bearer ${token}`,
    ...(origin !== undefined && { origin }),
  };
  const socket = new WebSocket(`${server.url}?token=${token}`, { headers });
  await once(socket, 'open');
  const params = { path: 'send.users:chats', input: { json: { data: {} } } };
  socket.send(JSON.stringify({ id: 1, method: 'mutation', params }));
  const [answer] = await once(socket, 'message');
  expect(JSON.parse(String(answer))).toMatchObject({
    error: { json: { data: { code: 'UNAUTHORIZED' } } },
  });
  socket.terminate();
});

test.each(['evil.example', 'localhost.evil.example', '10.0.0.1'])(
  'a page that has its own name %s lead here gets no demo token',
  async (name) => {
    await using server = await startServer({ development: true });
    const { port } = new URL(server.address);
    const headers = { host: `${name}:${port}`, origin: `http://${name}:${port}` };
    expect(await post(`${server.address}/dev/token`, headers)).toBe(403);
  },
);

test('a page of this machine gets a demo token', async () => {
  await using server = await startServer({ development: true });
  expect(await post(`${server.address}/dev/token`, { origin: server.address })).toBe(200);
});

/** By node:http, because fetch does not let one say which host is asked. */
async function post(url: string, headers: Record<string, string>): Promise<number> {
  const body = JSON.stringify({ sub: 'ann', role: 'supervisor' });
  const asked = request(url, { method: 'POST', headers });
  asked.end(body);
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}
