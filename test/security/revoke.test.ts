import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect } from '@parley/client';
import { signToken } from '@parley/server';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { sockets } from '../conformance/sockets.ts';
import {
  activeChat,
  customer,
  openClient,
  patiently,
  refusalCode,
  secret,
  service,
  startServer,
  supervisor,
  TestUser,
} from '../harness.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';

const ann = { sub: 'ann', role: 'customer', name: 'Ann' } as const;

/** A connection without any client. */
async function openRaw(url: string, token: string) {
  const socket = new WebSocket(`${url}?connectionParams=1`);
  await once(socket, 'open');
  socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
  socket.send(call('users:chats', {}));
  await once(socket, 'message');
  return socket;
}

function call(name: string, data: object) {
  return JSON.stringify({
    id: 1,
    method: 'mutation',
    params: { path: `send.${name}`, input: { json: { data } } },
  });
}

describe.each(sockets)('over the %s socket', (socket) => {
  test('all connections of a revoked user are closed with 4401 at once, and of nobody else', async () => {
    const environment = createVirtualEnvironment();
    await using server = await startServer({ socket, environment });
    const token = await signToken({ ...ann, secret, now: environment.now() });
    const eve = await customer(server, 'eve');
    const connections = await Promise.all([1, 2, 3].map(() => openRaw(server.url, token)));
    const closes = connections.map((each) => once(each, 'close'));
    // The clock stands still: it takes no time at all.
    await server.revoke('ann');
    for (const [code, reason] of await Promise.all(closes)) {
      expect([code, String(reason)]).toEqual([4401, 'revoked']);
    }
    expect(await eve.send('users:chats', {})).toEqual({ chats: [] });
  });

  test('a client that neither reads nor closes is cut off within a second, and sends nothing more', async () => {
    const environment = createVirtualEnvironment();
    await using server = await startServer({ socket, environment });
    const { chatId } = await activeChat(server);
    const backend = await service(server);
    const messages = await backend.listen('messages:new');
    const token = await signToken({ ...ann, secret, now: environment.now() });
    const stubborn = await openRaw(server.url, token);
    stubborn.pause();
    await server.revoke('ann');
    stubborn.send(call('messages:send', { chatId, message: 'I am still here.' }));
    const connected = async () => {
      const text = await (await fetch(`${server.address}/metrics`)).text();
      return text.match(/^parley_connections\{role="customer"\} (\d+)$/m)?.[1];
    };
    await environment.advance(1000);
    await expect.poll(connected, patiently).toBe('0');
    await backend.send('messages:send', { chatId, message: 'Nobody is.' });
    expect((await messages.next()).data.message.message).toBe('Nobody is.');
    stubborn.terminate();
  });

  test('what happens after the position of a revocation is not heard, neither live nor in a replay under way', async () => {
    await using server = await startServer({ socket });
    const { ann: customerAnn, chatId } = await activeChat(server);
    const backend = await service(server);
    const sendSome = () =>
      Promise.all(
        Array.from({ length: 15 }, (_, count) =>
          backend.send('messages:send', { chatId, message: `Message ${count}` }),
        ),
      );
    for (let round = 0; round < 20; round += 1) await sendSome();
    const live = await customerAnn.listen('messages:new');
    const replayed = await customerAnn.listen('messages:new', { lastEventId: '0' });
    const sending = sendSome();
    const { position } = await server.revoke('ann');
    await sending;
    await sendSome();
    await backend.caughtUp();
    for (const occurrence of [...live.heard, ...replayed.heard]) {
      expect(occurrence.position).toBeLessThanOrEqual(position);
    }
  });
});

test('a token that was issued before is refused, one that is issued later is good', async () => {
  const environment = createVirtualEnvironment();
  await using server = await startServer({ environment });
  const tokenOfNow = () => signToken({ ...ann, secret, now: environment.now() });
  const tryToken = async (token: string) => {
    await using user = new TestUser('ann', openClient(server.url, { token }));
    const sent = user.send('users:chats', {});
    return await sent.then(
      () => 'ok',
      () => refusalCode(sent),
    );
  };
  const before = await tokenOfNow();
  await environment.advance(10_000);
  expect(await tryToken(before)).toBe('ok');
  const { position } = await server.revoke('ann');
  expect(position).toBeGreaterThan(0);
  expect(await tryToken(before)).toBe('UNAUTHORIZED');
  // It may have been issued a moment before, for tokens know seconds only.
  expect(await tryToken(await tokenOfNow())).toBe('UNAUTHORIZED');
  await environment.advance(1000);
  expect(await tryToken(await tokenOfNow())).toBe('ok');
  expect(await tryToken(before)).toBe('UNAUTHORIZED');
});

test('a token that does not say when it was issued is refused once its user was revoked', async () => {
  await using server = await startServer();
  const token = await new SignJWT({ ...ann, aud: 'parley' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
  await using first = new TestUser('ann', openClient(server.url, { token }));
  expect(await first.send('users:chats', {})).toEqual({ chats: [] });
  await server.revoke('ann');
  await using second = new TestUser('ann', openClient(server.url, { token }));
  expect(await refusalCode(second.send('users:chats', {}))).toBe('UNAUTHORIZED');
});

test('a revocation outlives the server', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-revoke-'));
  const store = `sqlite:${join(directory, 'parley.db')}`;
  const token = await signToken({ ...ann, secret });
  {
    await using server = await startServer({ store });
    await server.revoke('ann');
  }
  {
    await using server = await startServer({ store });
    await using user = new TestUser('ann', openClient(server.url, { token }));
    expect(await refusalCode(user.send('users:chats', {}))).toBe('UNAUTHORIZED');
  }
  await rm(directory, { recursive: true });
});

test('a supervisor who hears everything hears nothing more either', async () => {
  await using server = await startServer();
  const { ann: customerAnn, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  const heard = await sue.listen('messages:new');
  await customerAnn.send('messages:send', { chatId, message: 'One' });
  await heard.next();
  const { position } = await server.revoke('sue');
  await customerAnn.send('messages:send', { chatId, message: 'Two' });
  await customerAnn.caughtUp();
  expect(heard.heard.every((occurrence) => (occurrence.position ?? 0) <= position)).toBe(true);
});

test('our client is told that its token has expired', async () => {
  await using server = await startServer();
  const token = await signToken({ ...ann, secret });
  await using events = connect({ url: server.url, token });
  await events.send('users:chats', {});
  await server.revoke('ann');
  await expect.poll(() => events.status.state, patiently).toBe('expired');
});
