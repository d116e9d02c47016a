import { setImmediate } from 'node:timers/promises';

import type { ConnectOptions, Environment, Status } from '@parley/client';
import { systemEnvironment } from '@parley/server';
import { describe, expect, it, vi } from 'vitest';

import { createVirtualEnvironment } from '../virtual-environment.ts';
import { recordingWebSocket } from './recording-web-socket.ts';
import { impatient, start, type Started } from './start.ts';

/** Ann listens over a line that can be cut, has heard something, and writes over a line that cannot. */
async function listenAndWrite(parley: Started, options: Partial<ConnectOptions> = {}) {
  const listening = parley.connect({ ...impatient, url: parley.proxy.url, ...options });
  const heard: unknown[] = [];
  listening.subscribe('messages:new', ({ message }) => void heard.push(message.message));

  const writing = parley.connect();
  const { chat } = await writing.send('chats:create', { room: 'sales', source: 'web' });
  const chatId = chat.id;
  const write = (message: string) => writing.send('messages:send', { chatId, message });
  const ask = async () => {
    await write('Is anybody there?');
    return heard;
  };
  await expect.poll(ask).not.toEqual([]);
  await write('Somebody is.');
  await expect.poll(() => heard.at(-1)).toBe('Somebody is.');
  heard.length = 0;
  return { listening, heard, write };
}

/** A client over the line that can be cut, and its statuses from the start. */
function watch(parley: Started, options: Partial<ConnectOptions> = {}) {
  const events = parley.connect({ ...impatient, url: parley.proxy.url, ...options });
  const statuses: Status[] = [events.status];
  events.onStatus((status) => statuses.push(status));
  return { events, statuses, states: () => statuses.map(({ state }) => state) };
}

/** The platform's scheduler, which tells how many tasks wait. */
function countingScheduler() {
  const tasks = new Set<() => void>();
  const scheduler: Environment['scheduler'] = {
    after(milliseconds, task) {
      const cancel = systemEnvironment.scheduler.after(milliseconds, () => {
        tasks.delete(task);
        task();
      });
      tasks.add(task);
      return () => {
        tasks.delete(task);
        cancel();
      };
    },
  };
  return { scheduler, waiting: () => tasks.size };
}

describe('a client whose connection is lost', () => {
  it('hears what it missed once and in order, and then goes on', async () => {
    await using parley = await start();
    const { listening, heard, write } = await listenAndWrite(parley);
    for (const round of [1, 2, 3]) {
      parley.proxy.cut();
      await expect.poll(() => listening.status.state).toBe('reconnecting');
      const missed = [`missed ${round}`, `missed ${round} too`];
      for (const message of missed) await write(message);
      parley.proxy.mend();
      await expect.poll(() => heard).toEqual(missed);
      await write('live');
      await expect.poll(() => heard).toEqual([...missed, 'live']);
      heard.length = 0;
    }
  });

  it('does not hear again what it was hearing when the connection was lost', async () => {
    await using parley = await start();
    const { listening, heard, write } = await listenAndWrite(parley);
    listening.subscribe('messages:new', () => parley.proxy.cut());
    await write('heard');
    await expect.poll(() => listening.status.state).toBe('reconnecting');
    await write('missed');
    parley.proxy.mend();
    await expect.poll(() => heard).toEqual(['heard', 'missed']);
  });

  it('asks for each subscription once on the new connection, for none that was stopped', async () => {
    await using parley = await start();
    const { WebSocket, count } = recordingWebSocket();
    const { listening, heard, write } = await listenAndWrite(parley, { WebSocket });
    const stop = listening.subscribe('chats:close', () => {});
    parley.proxy.cut();
    stop();
    parley.proxy.mend();
    await write('Hello');
    await expect.poll(() => heard).toEqual(['Hello']);
    expect(count('subscription listen.messages:new')).toBe(2);
    expect(count('subscription listen.chats:close')).toBeLessThanOrEqual(1);
  });

  it('goes on without gap or double on another connection when the server asks for it', async () => {
    await using parley = await start();
    const { WebSocket, sockets } = recordingWebSocket();
    const { listening, heard, write } = await listenAndWrite(parley, { WebSocket });
    const states: string[] = [];
    listening.onStatus(({ state }) => states.push(state));
    const reconnect = JSON.stringify({ id: null, method: 'reconnect' });
    sockets[0]?.dispatchEvent(new MessageEvent('message', { data: reconnect }));
    const messages = Array.from({ length: 10 }, (_, index) => `message ${index}`);
    for (const message of messages) await write(message);
    await expect.poll(() => heard).toEqual(messages);
    await expect.poll(() => states).toEqual(['draining', 'open']);
    expect(sockets).toHaveLength(2);
  });
});

describe('the status', () => {
  it('goes from connecting to open, reconnecting, open and closed', async () => {
    await using parley = await start();
    const { events, states } = watch(parley);
    await expect.poll(() => events.status.state).toBe('open');
    parley.proxy.cut();
    parley.proxy.mend();
    await expect.poll(() => states().length).toBe(4);
    await events.close();
    await events.close();
    expect(states()).toEqual(['connecting', 'open', 'reconnecting', 'open', 'closed']);
  });

  it('counts the tries and says when the next one comes: later and later after the first twenty', async () => {
    await using parley = await start();
    parley.proxy.cut();
    const now = () => 1_000;
    const environment = { ...impatient.environment, now };
    const { events, statuses } = watch(parley, { environment });
    await expect.poll(() => statuses.length).toBeGreaterThan(22);
    await events.close();
    const soon = Array.from({ length: 19 }, () => 1_005);
    const nextTries = [1_007, ...soon, 1_015, 1_031];
    expect(statuses.slice(0, 23)).toEqual([
      { state: 'connecting' },
      ...nextTries.map((time, index) => ({
        state: 'reconnecting',
        attempt: index + 1,
        nextTryAt: new Date(time),
      })),
    ]);
  });
});

describe('a closed client', () => {
  it('opens no connection again, whatever it is asked for', async () => {
    await using parley = await start();
    const { WebSocket, sockets } = recordingWebSocket();
    const { scheduler, waiting } = countingScheduler();
    const token = vi.fn(() => parley.token());
    const environment = { scheduler };
    const events = parley.connect({ token, WebSocket, environment });
    events.subscribe('messages:new', () => {});
    await events.send('users:chats', {});
    await events.close();

    events.subscribe('messages:new', () => {});
    await expect(events.send('users:chats', {})).rejects.toMatchObject({ code: 'DISCONNECTED' });
    const { CLOSED } = WebSocket;
    await expect.poll(() => sockets.map(({ readyState }) => readyState)).toEqual([CLOSED]);
    expect(waiting()).toBe(0);
    expect(token).toHaveBeenCalledTimes(1);
    expect(events.status).toEqual({ state: 'closed', reason: 'close() was called.' });
  });

  it('gives up a connection that is still opening', async () => {
    await using parley = await start();
    const { WebSocket, sockets } = recordingWebSocket();
    parley.proxy.hold();
    const events = parley.connect({ url: parley.proxy.url, WebSocket });
    await expect.poll(() => sockets.length).toBe(1);
    await events.close();
    expect(sockets[0]?.readyState).not.toBe(WebSocket.CONNECTING);
  });

  it('opens no connection with a token that comes late', async () => {
    await using parley = await start();
    const { WebSocket, sockets } = recordingWebSocket();
    const fetched = Promise.withResolvers<string>();
    const events = parley.connect({ WebSocket, token: () => fetched.promise });
    await events.close();
    fetched.resolve('late');
    await setImmediate();
    expect(sockets).toEqual([]);
  });
});

describe('the token', () => {
  const expired = -3600;

  it('is expired for good when it is refused and there is no other', async () => {
    await using parley = await start();
    const token = await parley.token(expired);
    const { events, states } = watch(parley, { token });
    events.subscribe('messages:new', () => {});
    const next = expect(events.once('messages:new')).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
    });
    await expect.poll(() => events.status.state).toBe('expired');
    await next;
    const sent = events.send('users:chats', {});
    await expect(sent).rejects.toMatchObject({ code: 'UNAUTHORIZED', retryable: false });
    expect(states()).toEqual(['connecting', 'open', 'expired']);
  });

  it('is expired also for a client that asks for nothing', async () => {
    const environment = createVirtualEnvironment();
    await using parley = await start({ environment });
    const { events } = watch(parley, { token: 'let.me.in' });
    await expect.poll(() => events.status.state).toBe('open');
    await environment.advance(5000);
    await expect.poll(() => events.status.state).toBe('expired');
  });

  it('is asked for again for each connection, until one is accepted', async () => {
    await using parley = await start();
    const lifetimes = [expired, expired];
    const token = vi.fn(() => parley.token(lifetimes.shift()));
    const { WebSocket, count } = recordingWebSocket();
    const { events, statuses, states } = watch(parley, { token, WebSocket });
    events.subscribe('messages:new', () => {});
    await expect.poll(() => token).toHaveBeenCalledTimes(3);
    expect(await events.send('users:chats', {})).toEqual({ chats: [] });
    const refused = ['open', 'expired', 'reconnecting'];
    expect(states()).toEqual(['connecting', ...refused, ...refused, 'open']);
    expect(statuses).toContainEqual(expect.objectContaining({ state: 'reconnecting', attempt: 2 }));
    expect(count('subscription listen.messages:new')).toBe(3);
    expect(token).toHaveBeenCalledTimes(3);
  });

  it('that is refused ends every send that waits for it, and the next one is asked for', async () => {
    await using parley = await start();
    const lifetimes = [expired];
    const { events } = watch(parley, { token: () => parley.token(lifetimes.shift()) });
    const sends = Array.from({ length: 20 }, () => events.send('users:chats', {}));
    for (const sent of await Promise.allSettled(sends)) {
      expect(sent).toMatchObject({ status: 'rejected', reason: { code: 'UNAUTHORIZED' } });
    }
    expect(await events.send('users:chats', {})).toEqual({ chats: [] });
  });

  it('is asked for again when it cannot be had, and the status says why', async () => {
    await using parley = await start();
    const tokenFailure = new Error('the login service is down');
    const token = vi.fn(() => parley.token()).mockRejectedValueOnce(tokenFailure);
    const { events, statuses, states } = watch(parley, { token });
    await expect.poll(() => events.status.state).toBe('open');
    expect(states()).toEqual(['connecting', 'reconnecting', 'open']);
    expect(statuses[1]).toMatchObject({ attempt: 1, tokenFailure });
  });
});
