import { connect, type Environment, isEventError } from '@parley/client';
import { signToken } from '@parley/server';
import { expect, it, vi } from 'vitest';

import { secret, startServer } from '../harness.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';
import { recordingWebSocket } from './recording-web-socket.ts';

const renewals = 'mutation send.session:refresh';

/** Ann's client, whose tokens are good for ten minutes, and her server, both on a clock of the test's. */
async function start(tokenOf: (sign: (ttl?: number) => Promise<string>) => Promise<string>) {
  const environment = createVirtualEnvironment();
  const server = await startServer({ environment });
  const { WebSocket, count, sockets, unanswered } = recordingWebSocket();
  const report = vi.fn<(error: unknown) => void>();
  const { now, random, scheduler } = environment;
  const own: Partial<Environment> = { now, random, scheduler, report };
  const sign = (ttl = 600) =>
    signToken({ sub: 'ann', role: 'customer', secret, now: environment.now(), ttl });
  let signing = 0;
  const token = vi.fn(async () => {
    signing += 1;
    return tokenOf(sign).finally(() => (signing -= 1));
  });
  const events = connect({ url: server.url, token, WebSocket, environment: own });
  const heard: string[] = [];
  events.subscribe('messages:new', ({ message }) => void heard.push(String(message.message)));
  const { chat } = await events.send('chats:create', { room: 'sales', source: 'web' });
  const write = (message: string) => events.send('messages:send', { chatId: chat.id, message });
  /** Moves the clock on; tokens are signed, and what goes over the socket arrives, without any of its time. */
  async function pass(seconds: number) {
    for (let second = 0; second < seconds; second += 5) {
      await environment.advance(5_000);
      if (events.status.state === 'open') await events.send('user:focus', {}).catch(() => {});
      await expect.poll(() => signing + unanswered()).toBe(0);
    }
  }
  return {
    events,
    heard,
    write,
    pass,
    token,
    report,
    sockets,
    renewed: () => count(renewals),
    async [Symbol.asyncDispose]() {
      await events.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

it('a session is refreshed before its token ends, on the same connection, and no subscription is lost', async () => {
  await using ann = await start((sign) => sign());
  await ann.pass(3600);
  expect(ann.renewed()).toBeGreaterThanOrEqual(6);
  expect(ann.token).toHaveBeenCalledTimes(ann.renewed() + 1);
  await ann.write('still here');
  await expect.poll(() => ann.heard).toEqual(['still here']);
  expect(ann.sockets).toHaveLength(1);
  expect(ann.report).not.toHaveBeenCalled();
});

it('a token that cannot be had, or is not good, is asked for again while the old one lasts', async () => {
  const answers = [
    () => Promise.reject(new Error('the login service is down')),
    () => Promise.resolve('no token'),
  ];
  let first = true;
  await using ann = await start((sign) => {
    if (first) {
      first = false;
      return sign();
    }
    return answers.shift()?.() ?? sign();
  });
  await ann.pass(900);
  await expect.poll(() => ann.events.status.state).toBe('open');
  expect(ann.sockets).toHaveLength(1);
  expect(ann.token.mock.calls.length).toBeGreaterThanOrEqual(4);
});

it('is expired when there is nothing else, 25 seconds after the token has ended', async () => {
  let only: Promise<string> | undefined;
  await using ann = await start((sign) => (only ??= sign()));
  const states: string[] = [];
  ann.events.onStatus(({ state }) => states.push(state));
  await ann.pass(600);
  expect(states).toEqual([]);
  await ann.pass(60);
  await expect.poll(() => states).toContain('expired');
  expect(ann.renewed()).toBe(0);
  const error = await ann.events
    .send('agents:status', { status: 'away' })
    .catch((each: unknown) => each);
  expect(isEventError(error)).toBe(true);
});
