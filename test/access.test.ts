import { createHmac } from 'node:crypto';
import { once } from 'node:events';

import { signToken } from '@parley/server';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import * as z from 'zod';

import {
  customer,
  openClient,
  refusal,
  refusalCode,
  secret,
  startServer,
  TestUser,
} from './harness.ts';
import { createVirtualEnvironment } from './virtual-environment.ts';

const key = new TextEncoder().encode(secret);
const now = Math.floor(Date.now() / 1000);
const claims = { sub: 'ann', role: 'customer' } as const;
const good = { ...claims, aud: 'parley', exp: now + 3600 };

/** A token that would be good but for what is changed of it. */
function sign(changes: Record<string, unknown> = {}, alg = 'HS256'): Promise<string> {
  return new SignJWT({ ...good, ...changes }).setProtectedHeader({ alg }).sign(key);
}

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** What a library for tokens might not let one sign. */
function signParts(header: object, payload: unknown): string {
  const signed = `${encode({ alg: 'HS256', ...header })}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** A good token of which one part is another. */
async function withPart(index: number, part: string): Promise<string> {
  return (await sign()).split('.').with(index, part).join('.');
}

const badTokens: [string, () => string | Promise<string>][] = [
  ['no token at all', () => ''],
  ['text that is no token', () => 'let.me.in'],
  ['a token signed with another secret', () => signToken({ ...claims, secret: 'another' })],
  ['an expired token', () => sign({ exp: now - 60 })],
  ['a token that is not valid yet', () => sign({ nbf: now + 600 })],
  ['a token for another audience', () => sign({ aud: 'other' })],
  ['a token without a signature', () => `${encode({ alg: 'none' })}.${encode(good)}.`],
  ['a token of another algorithm', () => sign({}, 'HS512')],
  ['a token of an unknown role', () => sign({ role: 'admin' })],
  ['a token of nobody', () => sign({ sub: undefined })],
  ['a token without an end', () => sign({ exp: undefined })],
  ['a token with an end that is no time', () => signParts({}, { ...good, exp: `${good.exp}` })],
  ['a token with a beginning that is no time', () => signParts({}, { ...good, nbf: '0' })],
  ['a token that was issued at no time', () => signParts({}, { ...good, iat: 'today' })],
  ['a token that says a text', () => signParts({}, 'ann')],
  ['a token that says a list', () => signParts({}, [good])],
  ['a token whose claims were changed', () => withPart(1, encode({ ...good, sub: 'ben' }))],
  ['a token whose header was changed', () => withPart(0, encode({ alg: 'HS256', kid: 'a' }))],
  ['a token whose header cannot be read', () => withPart(0, 'e30x')],
  ['a token whose signature was taken away', () => withPart(2, '')],
  ['a token with a signature of as many letters', () => withPart(2, 'A'.repeat(43))],
  ['a token with more behind it', async () => `${await sign()}.e30`],
  [
    'a token that asks for what nobody understands',
    () => signParts({ crit: ['policy'], policy: 'two factors' }, good),
  ],
  ['a token that asks for nothing, and urgently', () => signParts({ crit: [] }, good)],
  [
    'a token whose claims are said not to be encoded',
    () => signParts({ crit: ['b64'], b64: false }, good),
  ],
];

describe.each(badTokens)('%s', (_what, makeToken) => {
  test('sends nothing and hears nothing', async () => {
    await using server = await startServer();
    const client = openClient(server.url, { token: await makeToken() });
    await using nobody = new TestUser('nobody', client);
    const refused = await refusal(nobody.send('users:chats', {}));
    expect(refused.code).toBe('UNAUTHORIZED');
    expect(await refusalCode(nobody.listen('messages:new'))).toBe('UNAUTHORIZED');
  });
});

test('a good token that the tests make themselves is good', async () => {
  await using server = await startServer();
  await using ann = new TestUser('ann', openClient(server.url, { token: await sign() }));
  expect(await ann.send('users:chats', {})).toEqual({ chats: [] });
  await using ben = new TestUser('ben', openClient(server.url, { token: signParts({}, good) }));
  expect(await ben.send('users:chats', {})).toEqual({ chats: [] });
});

test('clocks may differ by half a minute', async () => {
  await using server = await startServer();
  const at = Math.floor(Date.now() / 1000);
  for (const changes of [{ exp: at - 10 }, { nbf: at + 25 }]) {
    await using ann = new TestUser('ann', openClient(server.url, { token: await sign(changes) }));
    expect(await ann.send('users:chats', {})).toEqual({ chats: [] });
  }
});

test('a connection without connection parameters is nobody', async () => {
  await using server = await startServer();
  await using nobody = new TestUser('nobody', openClient(server.url));
  expect(await refusalCode(nobody.send('users:chats', {}))).toBe('UNAUTHORIZED');
});

test('refusals have an id of their own and say nothing of the inside', async () => {
  await using server = await startServer();
  const ann = await customer(server, 'ann');
  const get = () => refusal(ann.send('chats:get', { chatId: 'c_unknown' }));
  const [one, other] = [await get(), await get()];
  expect(one).toEqual({
    code: 'NOT_FOUND',
    message: 'There is no such thing, or you may not see it. Check the id.',
    errorId: expect.stringMatching(/^e_/),
    retryable: false,
  });
  expect(other.errorId).not.toBe(one.errorId);
});

test.each(['send.chats:destroy', 'send.messages:new', 'listen.messages:new', 'nothing'])(
  'there is nothing to call at %s',
  async (path) => {
    await using server = await startServer();
    await using socket = await connectRaw(server.url, await sign());
    const reply = await socket.call({ method: 'mutation', params: { path, input: { json: {} } } });
    expect(reply).toMatchObject({ error: { json: { data: { code: 'NOT_FOUND' } } } });
  },
);

test.each(['__proto__', 'constructor', 'prototype'])('the key %s is refused', async (name) => {
  await using server = await startServer();
  await using socket = await connectRaw(server.url, await sign());
  const data = `{"chatId":"c_1","type":"object","message":{"${name}":1}}`;
  const reply = await socket.call({
    method: 'mutation',
    params: { path: 'send.messages:send', input: { json: JSON.parse(`{"data":${data}}`) } },
  });
  expect(reply).toMatchObject({ error: { json: { data: { code: 'VALIDATION' } } } });
});

test('a connection that does not say who it is is closed after 5 seconds', async () => {
  const environment = createVirtualEnvironment();
  await using server = await startServer({ environment });
  const socket = new WebSocket(`${server.url}?connectionParams=1`);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await environment.advance(5000);
  expect((await closed)[0]).toBe(4401);
});

test('a connection whose token ends is closed 25 seconds later', async () => {
  const environment = createVirtualEnvironment();
  await using server = await startServer({ environment });
  const token = await signToken({ ...claims, secret, now: environment.now(), ttl: 60 });
  await using socket = await connectRaw(server.url, token);
  const sayHello = () =>
    socket.call({
      method: 'mutation',
      params: { path: 'send.users:chats', input: { json: { data: {} } } },
    });
  for (let step = 0; step < 4; step += 1) {
    await sayHello();
    await environment.advance(20_000);
  }
  const closed = socket.closed();
  await environment.advance(5000);
  expect(await closed).toBe(4401);
});

test('a silent client is asked for a sign of life after 25 seconds, and cut off 8 seconds later', async () => {
  const environment = createVirtualEnvironment();
  await using server = await startServer({ environment });
  const token = await signToken({ ...claims, secret, now: environment.now() });
  await using socket = await connectRaw(server.url, token);
  await socket.call({
    method: 'mutation',
    params: { path: 'send.users:chats', input: { json: { data: {} } } },
  });
  const asked = socket.next();
  await environment.advance(25_000);
  expect(await asked).toBe('PING');
  const closed = socket.closed();
  await environment.advance(8000);
  expect(await closed).toBe(1006);
});

test('pages of foreign origins get no connection, those of the own and of listed ones do', async () => {
  await using server = await startServer({ origins: ['https://shop.example'] });
  const upgrade = (origin: string) => statusOfUpgrade(server.url, { origin });
  expect(await upgrade('https://evil.example')).toBe(403);
  expect(await upgrade('https://shop.example.evil.example')).toBe(403);
  expect(await upgrade('null')).toBe(403);
  expect(await upgrade('https://shop.example')).toBe(101);
  expect(await upgrade(server.address)).toBe(101);
});

test('WebSockets are at /events and nowhere else', async () => {
  await using server = await startServer();
  expect(await statusOfUpgrade(server.url)).toBe(101);
  expect(await statusOfUpgrade(server.url.replace('/events', '/'))).toBe(404);
  expect(await statusOfUpgrade(`${server.url}/more`)).toBe(404);
});

test('health and readiness are told to whoever asks', async () => {
  await using server = await startServer();
  for (const [path, status] of [
    ['/health', 'alive'],
    ['/ready', 'ready'],
  ]) {
    const response = await fetch(server.address + path);
    expect([response.status, await response.json()]).toEqual([200, { status }]);
  }
  expect((await fetch(`${server.address}/nothing`)).status).toBe(404);
});

test('the contract is told as AsyncAPI to whoever asks', async () => {
  await using server = await startServer();
  const response = await fetch(`${server.address}/asyncapi.json`);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toMatchObject({ asyncapi: '3.0.0' });
});

test('a page that is not built says how to build it', async () => {
  await using server = await startServer({ page: '/nowhere', playground: '/nowhere' });
  for (const path of ['/', '/playground']) {
    const response = await fetch(server.address + path);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      message:
        'The page is not built. `pnpm start` builds and serves it; WebSockets are at /events.',
    });
  }
});

test('in development whoever is on this machine gets a demo token', async () => {
  await using server = await startServer({ development: true });
  const response = await askForToken(server.address, claims);
  expect(response.status).toBe(200);
  const { token } = z.object({ token: z.string() }).parse(await response.json());
  await using ann = new TestUser('ann', openClient(server.url, { token }));
  expect(await ann.send('users:chats', {})).toEqual({ chats: [] });
});

test('a demo token has to be asked for by POST, with claims that fit, and not by a foreign page', async () => {
  await using server = await startServer({ development: true });
  expect((await fetch(`${server.address}/dev/token`)).status).toBe(405);
  expect((await askForToken(server.address, { sub: 'ann', role: 'admin' })).status).toBe(400);
  const origin = { origin: 'https://evil.example' };
  expect((await askForToken(server.address, claims, origin)).status).toBe(403);
});

test('outside of development there are no demo tokens', async () => {
  await using server = await startServer();
  expect((await askForToken(server.address, claims)).status).toBe(404);
});

function askForToken(address: string, body: object, headers: Record<string, string> = {}) {
  return fetch(`${address}/dev/token`, { method: 'POST', body: JSON.stringify(body), headers });
}

async function statusOfUpgrade(url: string, options: ClientOptions = {}): Promise<number> {
  const socket = new WebSocket(url, options);
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      resolve(statusCode);
    });
  });
}

/** A connection without any client, for what a client would not send. */
async function connectRaw(url: string, token: string) {
  const socket = new WebSocket(`${url}?connectionParams=1`);
  await once(socket, 'open');
  socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
  const next = async () => String((await once(socket, 'message'))[0]);
  return {
    next,
    async call(request: object): Promise<unknown> {
      socket.send(JSON.stringify({ id: 1, jsonrpc: '2.0', ...request }));
      return JSON.parse(await next());
    },
    closed: async () => Number((await once(socket, 'close'))[0]),
    async [Symbol.asyncDispose]() {
      socket.terminate();
    },
  };
}
