import { connect, type ConnectOptions, type Status } from '@parley/client';
import { describe, expect, it, vi } from 'vitest';

import { codeOf, data, manualScheduler } from './answers.ts';
import { type Line, type Peer, startPeer } from './peer.ts';
import { recordingWebSocket } from './recording-web-socket.ts';
import { impatient, start } from './start.ts';

const started = { result: { type: 'started' } };
const reconnect = { method: 'reconnect' };

/** A durable occurrence of `messages:new`, as it is on the wire. */
function occurrence(position: number) {
  const by = { id: 'backend', role: 'service' };
  const message = { message: `message ${position}` };
  const at = '2026-01-01T00:00:00.000Z';
  const whole = { name: 'messages:new', position, seq: position, chatId: 'c_1', at, by };
  return data({ id: String(position), data: { ...whole, data: { message } } }, String(position));
}

/** What cannot be revived: there is no such place. */
const unreadable = {
  result: { type: 'data', data: { json: {}, meta: { values: { 'a.b': ['Date'] }, v: 1 } } },
};

const connectTo = ({ url }: Peer, options: Partial<ConnectOptions> = {}) =>
  connect({ url, token: 'the token', ...options });

const calls = (line: Line | undefined) => line?.asked.map(({ params }) => params?.path);
const firstLine = async (peer: Peer, asked: number) => {
  await expect.poll(() => peer.lines[0]?.asked.length).toBe(asked);
  // It has just been found to be there.
  const [line] = peer.lines as [Line];
  return line;
};

describe('sends of one tick', () => {
  it('go out together, as many in a frame as the server takes', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    await expect.poll(() => events.status.state).toBe('open');
    const sends = Array.from({ length: 40 }, () => codeOf(events.send('users:chats', {})));
    const line = await firstLine(peer, 32);
    expect(line.frames.slice(1).map((frame) => JSON.parse(frame).length)).toEqual([16, 16]);
    for (const { id } of line.asked.slice()) line.answer(id, data({ chats: [] }));
    await expect.poll(() => line.asked.length).toBe(40);
    for (const { id } of line.asked.slice(32)) line.answer(id, data({ chats: [] }));
    expect(new Set(await Promise.all(sends))).toEqual(new Set(['resolved']));
  });

  it('are split so that no frame is larger than the server takes', async () => {
    await using parley = await start();
    await using events = parley.connect();
    const { chat } = await events.send('chats:create', { room: 'sales', source: 'web' });
    const message = '€'.repeat(4_000);
    const sends = Array.from({ length: 12 }, () =>
      codeOf(events.send('messages:send', { chatId: chat.id, message })),
    );
    expect(await Promise.all(sends)).toEqual(sends.map(() => 'resolved'));
    expect(events.status.state).toBe('open');
  });

  it('are refused alone when too large, and the others arrive', async () => {
    await using parley = await start();
    const { WebSocket, count } = recordingWebSocket();
    await using events = parley.connect({ WebSocket });
    const tooMuch = { chatId: 'c_1', message: 'x'.repeat(65_536) };
    const [before, large, after] = await Promise.all([
      codeOf(events.send('users:chats', {})),
      codeOf(events.send('messages:send', tooMuch)),
      codeOf(events.send('users:chats', {})),
    ]);
    expect([before, large, after]).toEqual(['resolved', 'TOO_LARGE', 'resolved']);
    expect(count('mutation send.messages:send')).toBe(0);
  });

  it('fail alone when they cannot be written, and the others arrive', async () => {
    await using parley = await start();
    await using events = parley.connect();
    const broken = { chatId: 'c_1', message: JSON.parse('{ "constructor": 1 }') };
    const codes = await Promise.all([
      codeOf(events.send('users:chats', {})),
      codeOf(events.send('messages:send', broken)),
      codeOf(events.send('users:chats', {})),
    ]);
    expect(codes).toEqual(['resolved', 'VALIDATION', 'resolved']);
  });

  it('wait neither for a timer nor for each other', async () => {
    await using peer = await startPeer();
    const { WebSocket, count } = recordingWebSocket();
    await using events = connectTo(peer, { WebSocket });
    await expect.poll(() => events.status.state).toBe('open');
    const sent = codeOf(events.send('users:chats', {}));
    await Promise.resolve();
    expect(count('mutation send.users:chats')).toBe(1);
    await events.close();
    expect(await sent).toBe('DISCONNECTED');
  });
});

describe('an answer that cannot be read', () => {
  it('fails its own send, and no other', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const sends = [events.send('users:chats', {}), events.send('users:chats', {})].map(codeOf);
    const line = await firstLine(peer, 2);
    line.answer(1, unreadable);
    line.answer(2, data({ chats: [] }));
    expect(await Promise.all(sends)).toEqual(['INTERNAL', 'resolved']);
  });

  it('ends its own subscription, which is told to stop, and no other', async () => {
    await using peer = await startPeer();
    const report = vi.fn<(error: unknown) => void>();
    await using events = connectTo(peer, { environment: { report } });
    const heard: unknown[] = [];
    events.subscribe('messages:new', () => {});
    events.subscribe('chats:close', (_, { position }) => void heard.push(position));
    const line = await firstLine(peer, 2);
    line.answer(1, started);
    line.answer(2, started);
    line.answer(1, unreadable);
    line.answer(1, occurrence(1));
    line.answer(2, occurrence(2));
    await expect.poll(() => heard).toEqual([2]);
    const error = expect.objectContaining({ code: 'INTERNAL', event: 'messages:new' });
    expect(report.mock.calls).toEqual([[error]]);
    await expect.poll(() => line.asked.at(-1)).toEqual({ id: 1, method: 'subscription.stop' });
  });

  it('harms nothing when it is no message at all', async () => {
    await using peer = await startPeer();
    const report = vi.fn<(error: unknown) => void>();
    await using events = connectTo(peer, { environment: { report } });
    const sent = codeOf(events.send('users:chats', {}));
    const line = await firstLine(peer, 1);
    for (const text of ['', 'no JSON', '[]', '7', '{}', '{"id":99,"result":{}}']) {
      line.socket.send(text);
    }
    line.socket.send(Buffer.from([1, 2, 3]));
    line.answer(1, data({ chats: [] }));
    expect(await sent).toBe('resolved');
  });

  it('has all that wait asked again when the server does not say whom it is for', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer, impatient);
    const sends = [events.send('users:chats', {}), events.send('users:chats', {})].map(codeOf);
    const line = await firstLine(peer, 2);
    const shape = { message: '', code: -32700, data: { code: 'VALIDATION', retryable: false } };
    line.answer(null, { error: { json: shape } });
    await expect.poll(() => peer.lines[1]?.asked.length).toBe(2);
    for (const id of [1, 2]) peer.lines[1]?.answer(id, data({ chats: [] }));
    expect(await Promise.all(sends)).toEqual(['resolved', 'resolved']);
  });
});

describe('a subscription', () => {
  it('goes on from its last position, also when something without one came after', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer, impatient);
    const heard: unknown[] = [];
    events.subscribe('messages:new', (_, { position }) => void heard.push(position));
    const line = await firstLine(peer, 1);
    line.answer(1, occurrence(7));
    line.answer(1, data({ name: 'messages:new', data: {} }));
    await expect.poll(() => heard).toEqual([7, undefined]);
    line.socket.terminate();
    await expect.poll(() => peer.lines[1]?.asked.length).toBe(1);
    expect(peer.lines[1]?.asked[0]?.params.input).toEqual({ json: { lastEventId: '7' } });
  });

  it('that has lost something on a connection that looks well is asked for again from there', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const heard: unknown[] = [];
    events.subscribe('messages:new', (_, { position }) => void heard.push(position));
    const line = await firstLine(peer, 1);
    line.answer(1, occurrence(7));
    line.answer(null, { method: 'positions', params: [[1, '7', '9']] });
    line.answer(null, { method: 'positions', params: [[1, '12', '12']] });
    await expect.poll(() => line.asked.length).toBe(3);
    const [, stop, again] = line.asked;
    expect(stop).toEqual({ id: 1, method: 'subscription.stop' });
    expect(again?.params.input).toEqual({ json: { lastEventId: '9' } });
    for (const position of [11, 12]) line.answer(Number(again?.id), occurrence(position));
    await expect.poll(() => heard).toEqual([7, 11, 12]);
  });

  it('that the server ends or refuses for now is asked for again on the same connection', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer, impatient);
    events.subscribe('messages:new', () => {});
    const line = await firstLine(peer, 1);
    line.answer(1, { result: { type: 'stopped' } });
    await expect.poll(() => line.asked.length).toBe(2);
    const refusal = { code: 'OVERLOADED', retryable: true, retryAfterMs: 1 };
    line.answer(2, { error: { json: { message: '', code: -32603, data: refusal } } });
    await expect.poll(() => line.asked.length).toBe(3);
    expect(calls(line)).toEqual(calls(line)?.map(() => 'listen.messages:new'));
  });

  it('that is stopped in the tick it was started in is never asked for', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    await expect.poll(() => events.status.state).toBe('open');
    events.subscribe('messages:new', () => {})();
    events.subscribe('chats:close', () => {});
    const line = await firstLine(peer, 1);
    expect(calls(line)).toEqual(['listen.chats:close']);
  });
});

describe('a send that is aborted', () => {
  it('is not sent when it waits for the connection', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const controller = new AbortController();
    const aborted = events.send('users:chats', {}, { signal: controller.signal });
    const sent = codeOf(events.send('messages:read', { messageId: 'm_1' }));
    controller.abort(new Error('not wanted any more'));
    await expect(aborted).rejects.toThrow('not wanted any more');
    const line = await firstLine(peer, 1);
    expect(calls(line)).toEqual(['send.messages:read']);
    line.answer(1, data({}));
    expect(await sent).toBe('resolved');
  });

  it('does not hear its late reply, and no other hears it either', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const controller = new AbortController();
    const aborted = events.send('users:chats', {}, { signal: controller.signal });
    const sent = events.send('users:chats', {});
    const line = await firstLine(peer, 2);
    controller.abort(new Error('not wanted any more'));
    await expect(aborted).rejects.toThrow('not wanted any more');
    line.answer(1, data({ chats: ['of the aborted one'] }));
    line.answer(2, data({ chats: [] }));
    expect(await sent).toEqual({ chats: [] });
  });
});

describe('a connection', () => {
  it('needs a WebSocket, and says so at once', () => {
    vi.stubGlobal('WebSocket', undefined);
    try {
      expect(() => connect({ url: 'ws://127.0.0.1/events', token: '' })).toThrow('no WebSocket');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('says who it is before anything else', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const sent = codeOf(events.send('users:chats', {}));
    const line = await firstLine(peer, 1);
    const login = {
      method: 'connectionParams',
      data: { token: 'the token', positions: '1', batches: '1', short: '1', notices: '1' },
    };
    expect(JSON.parse(line.frames[0] ?? '')).toEqual(login);
    await events.close();
    expect(await sent).toBe('DISCONNECTED');
  });

  it('answers the server that asks for a sign of life', async () => {
    await using peer = await startPeer((line) => line.socket.send('PING'));
    await using events = connectTo(peer);
    await expect.poll(() => peer.lines[0]?.frames).toContain('PONG');
    expect(events.status.state).toBe('open');
  });

  it('is replaced when it is silent though it was asked', async () => {
    await using peer = await startPeer();
    const { after, fireAll } = manualScheduler();
    await using events = connectTo(peer, { environment: { scheduler: { after } } });
    await expect.poll(() => events.status.state).toBe('open');
    fireAll((milliseconds) => milliseconds === 25_000);
    await expect.poll(() => peer.lines[0]?.frames).toContain('PING');
    fireAll((milliseconds) => milliseconds === 8_000);
    expect(events.status.state).toBe('reconnecting');
  });

  it('stays when the server answers', async () => {
    await using peer = await startPeer((line) =>
      line.socket.on('message', (bytes) => {
        if (String(bytes) === 'PING') line.socket.send('PONG');
      }),
    );
    const { WebSocket, sockets } = recordingWebSocket();
    const { after, fireAll } = manualScheduler();
    await using events = connectTo(peer, { WebSocket, environment: { scheduler: { after } } });
    await expect.poll(() => events.status.state).toBe('open');
    const ponged = new Promise((resolve) => sockets[0]?.addEventListener('message', resolve));
    fireAll((milliseconds) => milliseconds === 25_000);
    await ponged;
    fireAll((milliseconds) => milliseconds === 8_000);
    expect(events.status.state).toBe('open');
  });

  it('that does not open in time is tried again', async () => {
    await using parley = await start();
    parley.proxy.hold();
    const { WebSocket, sockets } = recordingWebSocket();
    const { after, fireAll } = manualScheduler();
    await using events = parley.connect({
      url: parley.proxy.url,
      WebSocket,
      environment: { scheduler: { after } },
    });
    await expect.poll(() => sockets.length).toBe(1);
    fireAll((milliseconds) => milliseconds === 10_000);
    expect(events.status).toMatchObject({ state: 'reconnecting', attempt: 1 });
  });

  it('is tried at once when the platform says that it is online', async () => {
    await using peer = await startPeer();
    const online = new EventTarget();
    const whenOnline = (task: () => void) => {
      online.addEventListener('online', task);
      return () => online.removeEventListener('online', task);
    };
    const { after, waiting } = manualScheduler();
    const environment = { scheduler: { after }, whenOnline };
    await using events = connectTo(peer, { environment });
    await expect.poll(() => events.status.state).toBe('open');
    peer.lines[0]?.socket.terminate();
    await expect.poll(() => events.status.state).toBe('reconnecting');
    online.dispatchEvent(new Event('online'));
    online.dispatchEvent(new Event('online'));
    await expect.poll(() => events.status.state).toBe('open');
    expect(peer.lines).toHaveLength(2);
    // The next ping, and no other try.
    expect(waiting()).toEqual([25_000]);
  });

  it('whose token is refused by the close code is expired', async () => {
    await using peer = await startPeer((line) => line.socket.close(4401));
    await using events = connectTo(peer);
    await expect.poll(() => events.status).toEqual({ state: 'expired' });
    expect(await codeOf(events.send('users:chats', {}))).toBe('UNAUTHORIZED');
  });
});

describe('a hundred subscriptions', () => {
  it('are asked for again in frames that the server takes, each from where it was', async () => {
    await using peer = await startPeer();
    await using events = connect<
      object,
      Record<`note:${number}`, { data: unknown; durable: true }>
    >({ url: peer.url, token: 'the token', ...impatient });
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
    const heard: unknown[] = [];
    for (const number of numbers) {
      events.subscribe(`note:${number}`, (_, { position }) => void heard.push(position));
    }
    const line = await firstLine(peer, 100);
    for (const number of numbers) line.answer(number, occurrence(number));
    await expect.poll(() => heard).toEqual(numbers);
    line.socket.terminate();
    await expect.poll(() => peer.lines[1]?.asked.length).toBe(100);
    const again = peer.lines[1];
    expect(again?.frames.slice(1).map((frame) => JSON.parse(frame).length)).toEqual([
      ...Array.from({ length: 6 }, () => 16),
      4,
    ]);
    expect(again?.asked.map(({ params }) => params.input)).toEqual(
      numbers.map((number) => ({ json: { lastEventId: String(number) } })),
    );
  });
});

describe('a server that asks for another connection', () => {
  /** A client that hears positions, on its second connection, which has not started the subscription yet. */
  async function moving(peer: Peer) {
    const events = connectTo(peer, impatient);
    const states: Status['state'][] = [];
    events.onStatus(({ state }) => states.push(state));
    const heard: unknown[] = [];
    events.subscribe('messages:new', (_, { position }) => void heard.push(position));
    const first = await firstLine(peer, 1);
    first.answer(1, started);
    first.answer(1, occurrence(1));
    const sent = codeOf(events.send('users:chats', {}));
    await expect.poll(() => first.asked.length).toBe(2);
    first.answer(null, reconnect);
    await expect.poll(() => peer.lines[1]?.asked.length).toBe(1);
    // They have just been found to be there.
    const [, second] = peer.lines as [Line, Line];
    return { events, states, heard, first, second, sent };
  }

  it('is heard on the first one until the second one has started, and on both nothing twice', async () => {
    await using peer = await startPeer();
    const { events, states, heard, first, second, sent } = await moving(peer);
    await using _ = events;
    expect(second.asked[0]?.params.input).toEqual({ json: { lastEventId: '1' } });
    first.answer(1, occurrence(2));
    await expect.poll(() => heard).toEqual([1, 2]);
    second.answer(1, started);
    second.answer(1, occurrence(2));
    second.answer(1, occurrence(3));
    await expect.poll(() => heard).toEqual([1, 2, 3]);
    await expect.poll(() => first.asked.at(-1)?.method).toBe('subscription.stop');
    first.answer(1, occurrence(4));
    // The first connection stays for the reply that is due.
    first.answer(2, data({ chats: [] }));
    expect(await sent).toBe('resolved');
    await expect.poll(() => first.socket.readyState).toBe(first.socket.CLOSED);
    expect(heard).toEqual([1, 2, 3]);
    expect(states).toEqual(['open', 'draining', 'open']);
  });

  it('may lose the second connection before it has started', async () => {
    await using peer = await startPeer();
    const { events, heard, first, second, sent } = await moving(peer);
    await using _ = events;
    second.socket.terminate();
    await expect.poll(() => peer.lines[2]?.asked.length).toBe(1);
    first.answer(1, occurrence(2));
    await expect.poll(() => heard).toEqual([1, 2]);
    peer.lines[2]?.answer(1, started);
    peer.lines[2]?.answer(1, occurrence(3));
    await expect.poll(() => heard).toEqual([1, 2, 3]);
    first.socket.terminate();
    await expect.poll(() => calls(peer.lines[2])?.at(-1)).toBe('send.users:chats');
    peer.lines[2]?.answer(2, data({ chats: [] }));
    expect(await sent).toBe('resolved');
    expect(events.status.state).toBe('open');
  });
});
