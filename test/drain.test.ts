import { once } from 'node:events';

import { connect as connectClient, type Status } from '@parley/client';
import { defineEvent } from '@parley/contract';
import { defineHandler, serve, type ServeOptions, signToken } from '@parley/server';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod';

import { recordingWebSocket } from './client/recording-web-socket.ts';
import { impatient } from './client/start.ts';
import { Connection } from './conformance/connection.ts';
import { patiently, secret } from './harness.ts';
import { createVirtualEnvironment } from './virtual-environment.ts';

const notice = '{"id":null,"method":"reconnect"}';

const slowly = defineEvent('acme:slowly', {
  summary: 'Something takes its time.',
  send: {
    by: ['service'],
    effect: 'none',
    data: z.strictObject({}),
    reply: z.strictObject({ done: z.literal(true) }),
    errors: [],
    example: {},
  },
});

function start(options: Partial<ServeOptions> = {}) {
  return serve({ port: 0, store: 'sqlite::memory:', auth: { secret }, ...options });
}

async function connect(url: string, count: number): Promise<Connection[]> {
  const connections: Connection[] = [];
  while (connections.length < count) {
    const sub = `service-${connections.length}`;
    const connection = await Connection.as(url, { sub, role: 'service' });
    await connection.sendEvent('users:chats', {});
    connections.push(connection);
  }
  return connections;
}

const told = (connections: readonly Connection[]) =>
  connections.flatMap(({ frames }, index) => (frames.includes(notice) ? [index] : []));

/** How a server answers who wants to open a WebSocket. */
async function answerTo(url: string) {
  const socket = new WebSocket(url);
  const [, { statusCode, headers }] = await once(socket, 'unexpected-response');
  socket.on('error', () => {}).terminate();
  return { statusCode, retryAfter: headers['retry-after'] };
}

describe('a server that stops', () => {
  it('takes nobody new, and sends those who are there away in slices, by chance', async () => {
    const environment = createVirtualEnvironment();
    const limits = { acceptsPerSecond: 20, drainSeconds: 20 };
    await using server = await start({ environment, limits });
    const connections = await connect(server.url, 6);
    const ready = () => fetch(`${server.address}/ready`).then(({ status }) => status);
    expect(await ready()).toBe(200);

    // From here on chance wants the last first.
    let rank = 255;
    environment.random = { bytes: (size) => new Uint8Array(size).fill((rank -= 1)) };
    const closed = server.close();
    await expect.poll(() => told(connections), patiently).toEqual([4, 5]);
    expect(await ready()).toBe(503);
    expect(await answerTo(server.url)).toEqual({ statusCode: 503, retryAfter: '1' });
    await environment.advance(100);
    await expect.poll(() => told(connections), patiently).toEqual([2, 3, 4, 5]);
    await connections[5]?.sendEvent('users:chats', {});
    expect(connections.map(({ closeCode }) => closeCode)).toEqual(Array(6).fill(undefined));
    await environment.advance(100);
    await closed;
    expect(told(connections)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await Promise.all(connections.map((each) => each.closed))).toEqual(Array(6).fill(1001));
  });

  it('tells everybody within half of the time it has', async () => {
    const environment = createVirtualEnvironment();
    await using server = await start({
      environment,
      limits: { acceptsPerSecond: 10, drainSeconds: 1 },
    });
    const connections = await connect(server.url, 10);
    const closed = server.close();
    await environment.advance(400);
    await closed;
    expect(told(connections)).toHaveLength(10);
  });

  it('answers what was sent before it closes', async () => {
    const may = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const reply = async () => {
      begun.resolve();
      await may.promise;
      return { done: true as const };
    };
    const handlers = [defineHandler(slowly, async () => reply)];
    await using server = await start({ events: [slowly], handlers });
    const [connection] = await connect(server.url, 1);
    connection?.send(mutation('slow'));
    await begun.promise;
    const closed = server.close();
    await expect.poll(() => connection?.frames, patiently).toContain(notice);
    may.resolve();
    await closed;
    await connection?.closed;
    const answer = '{"id":"slow","result":{"type":"data","data":{"json":{"done":true}}}}';
    expect(connection?.frames.at(-1)).toBe(answer);
    expect(connection?.closeCode).toBe(1001);
  });

  it('waits no longer than drainSeconds for what takes longer', async () => {
    const begun = Promise.withResolvers<void>();
    const reply = () => {
      begun.resolve();
      return new Promise<never>(() => {});
    };
    const environment = createVirtualEnvironment();
    await using server = await start({
      events: [slowly],
      handlers: [defineHandler(slowly, async () => reply)],
      environment,
      limits: { drainSeconds: 2 },
    });
    const [connection] = await connect(server.url, 1);
    connection?.send(mutation('slow'));
    await begun.promise;
    const closed = server.close();
    await environment.advance(1999);
    expect(connection?.closeCode).toBe(undefined);
    await environment.advance(1);
    await closed;
    expect(await connection?.closed).toBe(1001);
  });

  it('is not left by clients that then are slower to come back, for having found no other', async () => {
    const environment = createVirtualEnvironment();
    const reply = () => new Promise<never>(() => {});
    const handlers = [defineHandler(slowly, async () => reply)];
    const limits = { drainSeconds: 2 };
    await using server = await start({ events: [slowly], handlers, environment, limits });
    const [connection] = await connect(server.url, 1);
    connection?.send(mutation('slow'));
    const { WebSocket: Recorded, sockets } = recordingWebSocket();
    const now = environment.now();
    const token = await signToken({ secret, now, sub: 'ann', role: 'customer' });
    const { url } = server;
    await using events = connectClient({ url, token, WebSocket: Recorded, ...impatient });
    const statuses: Status[] = [];
    events.onStatus((status) => statuses.push(status));
    await events.send('users:chats', {});

    const closed = server.close();
    await expect.poll(() => sockets.length, patiently).toBeGreaterThan(15);
    await environment.advance(2000);
    await closed;
    await expect.poll(() => events.status.state, patiently).toBe('reconnecting');
    const lost = statuses.find(({ state }) => state === 'reconnecting');
    expect(lost).toMatchObject({ attempt: 1 });
  });

  it('stops once, however often it is told to', async () => {
    await using server = await start();
    await connect(server.url, 1);
    await Promise.all([server.close(), server.close()]);
    await server[Symbol.asyncDispose]();
  });
});

function mutation(id: string) {
  const params = { path: 'send.acme:slowly', input: { json: { data: {} } } };
  return { id, method: 'mutation', params };
}
