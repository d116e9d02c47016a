import { once } from 'node:events';

import { defineEvent } from '@parley/contract';
import { defineHandler, type LimitName, serve, type ServeOptions } from '@parley/server';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod';

import { Connection, request } from './conformance/connection.ts';
import { secret } from './harness.ts';
import { createVirtualEnvironment, type VirtualEnvironment } from './virtual-environment.ts';

/** A server whose event loop is as late as a test says, and whose clock it moves. */
async function start(options: Partial<ServeOptions> = {}) {
  const environment: VirtualEnvironment = createVirtualEnvironment();
  const reached = new Set<LimitName>();
  let milliseconds = 0;
  const loopDelay = { take: () => milliseconds, [Symbol.dispose]: () => {} };
  const server = await serve({
    ...{ port: 0, store: 'sqlite::memory:', auth: { secret }, environment, loopDelay },
    onLimit: (name) => reached.add(name),
    ...options,
    limits: { shedLagMs: 100, ...options.limits },
  });
  const { url } = server;
  const watcher = await Connection.as(url, { sub: 'watcher', role: 'service' });
  await watcher.sendEvent('users:chats', {});
  return {
    url,
    environment,
    reached,
    connect: (sub: string) => Connection.as(url, { sub, role: 'service' }),
    /** The loop has been that late for as long as it is watched. */
    async late(by: number) {
      milliseconds = by;
      for (const _ of ['before', 'last']) {
        await environment.advance(1000);
        await watcher.sendEvent('users:chats', {});
      }
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** How the server answers who wants to connect: with 101 when it may. */
async function connecting(url: string) {
  const socket = new WebSocket(url);
  socket.on('error', () => {});
  const [status, retryAfter] = await Promise.race([
    once(socket, 'open').then(() => [101]),
    once(socket, 'unexpected-response').then(([, { statusCode, headers }]) => [
      statusCode,
      headers['retry-after'],
    ]),
  ]);
  socket.terminate();
  return { status, retryAfter };
}

const overloaded = {
  error: {
    json: { data: { code: 'OVERLOADED', retryable: true, retryAfterMs: expect.any(Number) } },
  },
};
const listening = { result: { type: 'started' } };
const replied = { result: { type: 'data' } };

describe('a server with too much to do', () => {
  it('refuses first new connections, then replays, then sends, and nobody who resumes', async () => {
    await using server = await start();
    const ann = await server.connect('ann');
    const replay = () => ann.call('subscription', 'listen.messages:new', { lastEventId: '0' });
    const resume = () => ann.call('subscription', 'listen.messages:new', { lastEventId: '1' });
    const send = () => ann.sendEvent('users:chats', {});
    const taken = { status: 101, retryAfter: undefined };
    const refused = { status: 503, retryAfter: '2' };

    await server.late(100);
    expect(await connecting(server.url)).toEqual(taken);
    expect(server.reached).toEqual(new Set());
    await server.late(110);
    expect(await connecting(server.url)).toEqual(refused);
    expect(await replay()).toMatchObject(listening);
    expect(server.reached).toEqual(new Set(['shedLagMs']));
    await server.late(160);
    expect(await replay()).toMatchObject(overloaded);
    expect(await send()).toMatchObject(replied);
    await server.late(210);
    expect(await send()).toMatchObject(overloaded);
    expect(await resume()).toMatchObject(listening);
    await server.late(0);
    expect(await connecting(server.url)).toEqual(taken);
    expect(await replay()).toMatchObject(listening);
    expect(await send()).toMatchObject(replied);
  });

  it('takes no notice of what was late once', async () => {
    const delays = [5000];
    const loopDelay = { take: () => delays.pop() ?? 0, [Symbol.dispose]: () => {} };
    await using server = await start({ loopDelay });
    await server.late(0);
    expect(delays).toEqual([]);
    expect(await connecting(server.url)).toMatchObject({ status: 101 });
  });

  it('refuses sends when too many wait for the log, and does all that it took', async () => {
    const begun = Promise.withResolvers<void>();
    const may = Promise.withResolvers<void>();
    const slowly = defineEvent('acme:slowly', {
      summary: 'Something takes its time.',
      send: {
        by: ['service'],
        data: z.strictObject({}),
        reply: z.strictObject({ done: z.literal(true) }),
        errors: [],
        example: {},
      },
    });
    const handler = defineHandler(slowly, async () => {
      begun.resolve();
      await may.promise;
      return { done: true as const };
    });
    await using server = await start({
      events: [slowly],
      handlers: [handler],
      limits: { shedQueue: 5 },
    });
    const ann = await server.connect('ann');
    await ann.sendEvent('users:chats', {});
    const call = () => ann.sendEvent('acme:slowly', {});
    const calls = [call()];
    await begun.promise;
    while (calls.length < 40) calls.push(call());
    await ann.ping();
    expect(server.reached).toContain('shedQueue');
    may.resolve();
    const answers = await Promise.all(calls);
    const refused = answers.filter((answer) => 'error' in answer);
    for (const answer of refused) expect(answer).toMatchObject(overloaded);
    // One is being done, and five times the limit and one more wait.
    expect(answers.length - refused.length).toBe(27);
    expect(await ann.sendEvent('users:chats', {})).toMatchObject(replied);
  });

  it('reads nothing of what it refuses, and tells all of one moment the same', async () => {
    await using server = await start();
    const ann = await server.connect('ann');
    const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`);
    expect(await ann.sendEvent('users:chats', deep)).toMatchObject({
      error: { json: { data: { code: 'TOO_LARGE' } } },
    });
    await server.late(1000);
    const first = await ann.sendEvent('users:chats', deep);
    const { id: _, ...told } = first;
    expect(first).toMatchObject(overloaded);
    expect(await ann.sendEvent('users:chats', {})).toMatchObject(told);
  });

  it('closes who takes no notice of retryAfterMs again and again, and nobody else', async () => {
    await using server = await start();
    const [rude, polite] = [await server.connect('rude'), await server.connect('polite')];
    await rude.sendEvent('users:chats', {});
    await polite.sendEvent('users:chats', {});
    await server.late(1000);
    for (const round of [1, 2, 3]) {
      expect(rude.closeCode).toBe(undefined);
      expect(await rude.sendEvent('users:chats', {}), `${round}`).toMatchObject(overloaded);
      expect(await polite.sendEvent('users:chats', {})).toMatchObject(overloaded);
      await server.environment.advance(600);
      for (let count = 0; count < 21; count += 1) {
        rude.send(request(`${round} ${count}`, 'mutation', 'send.users:chats', { data: {} }));
      }
      await rude.ping();
      await server.environment.advance(1400);
    }
    expect(await rude.closed).toBe(4429);
    await server.late(0);
    expect(await polite.sendEvent('users:chats', {})).toMatchObject(replied);
  });
});
