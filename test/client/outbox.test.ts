import { connect, type ConnectOptions } from '@parley/client';
import { describe, expect, it } from 'vitest';

import { codeOf, data, manualScheduler } from './answers.ts';
import { type Line, type Peer, startPeer } from './peer.ts';
import { impatient, start } from './start.ts';

const chats = data({ chats: [] });
const message = (chatId: string, text: string) => ({ chatId, message: text });

const connectTo = ({ url }: Peer, options: Partial<ConnectOptions> = {}) =>
  connect({ url, token: 'the token', ...impatient, ...options });

type Client = ReturnType<typeof connectTo>;

/** A client that has lost its connection and gets no other until its scheduler says so. */
async function offline(peer: Peer, options: Partial<ConnectOptions> = {}) {
  const { after, fireAll } = manualScheduler();
  const environment = { ...impatient.environment, scheduler: { after } };
  const events = connectTo(peer, { environment, ...options });
  await expect.poll(() => peer.lines.length).toBe(1);
  peer.lines[0]?.socket.terminate();
  await expect.poll(() => events.status.state).toBe('reconnecting');
  return { events, comeBack: fireAll };
}

const paths = (line: Line | undefined) => line?.asked.map(({ params }) => params.path);
const inputs = (line: Line | undefined) => line?.asked.map(({ params }) => params.input);
const lineOf = async (peer: Peer, index: number, asked: number): Promise<Line> => {
  await expect.poll(() => peer.lines[index]?.asked.length).toBe(asked);
  const line = peer.lines[index];
  if (!line) throw new Error(`There is no line ${index}.`);
  return line;
};

const refuse = (code: string, retryAfterMs?: number) => ({
  error: {
    json: { message: code, code: -32603, data: { code, retryable: true, retryAfterMs } },
  },
});

describe('sends to one chat', () => {
  it('go one by one, in their order, and past those to other chats and to none', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const texts = ['one', 'two', 'three'];
    const sends = texts.map((text) => codeOf(events.send('messages:send', message('c_1', text))));
    sends.push(codeOf(events.send('messages:send', message('c_2', 'other'))));
    sends.push(codeOf(events.send('users:chats', {})));
    const line = await lineOf(peer, 0, 3);
    expect(inputs(line)).toMatchObject([
      { json: { data: message('c_1', 'one') } },
      { json: { data: message('c_2', 'other') } },
      { json: { data: {} } },
    ]);
    line.answer(1, data({}));
    await lineOf(peer, 0, 4);
    line.answer(4, refuse('CHAT_CLOSED'));
    await lineOf(peer, 0, 5);
    for (const id of [2, 3, 5]) line.answer(id, data({}));
    expect(await Promise.all(sends)).toEqual([
      'resolved',
      'CHAT_CLOSED',
      'resolved',
      'resolved',
      'resolved',
    ]);
    expect(inputs(line)?.slice(3)).toMatchObject([
      { json: { data: message('c_1', 'two') } },
      { json: { data: message('c_1', 'three') } },
    ]);
  });

  it('keep their order and their keys over lost connections', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const sends = ['one', 'two'].map((text) => events.send('messages:send', message('c_1', text)));
    const first = await lineOf(peer, 0, 1);
    first.socket.terminate();
    const second = await lineOf(peer, 1, 1);
    second.socket.terminate();
    const third = await lineOf(peer, 2, 1);
    third.answer(1, data({ replayed: true }));
    await lineOf(peer, 2, 2);
    third.answer(2, data({}));
    expect(await Promise.all(sends)).toEqual([{ replayed: true }, {}]);
    expect(inputs(second)).toEqual(inputs(first));
    expect(inputs(third)?.slice(0, 1)).toEqual(inputs(first));
    expect(inputs(third)?.[1]).toMatchObject({ json: { data: message('c_1', 'two') } });
  });

  it('send what they were, though the data has changed since', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const changing = message('c_1', 'before');
    const sends = [0, 1].map(() => events.send('messages:send', changing));
    changing.message = 'after';
    const line = await lineOf(peer, 0, 1);
    line.answer(1, data({}));
    await lineOf(peer, 0, 2);
    line.answer(2, data({}));
    await Promise.all(sends);
    expect(inputs(line)).toMatchObject(
      [0, 1].map(() => ({ json: { data: { message: 'before' } } })),
    );
  });
});

describe('a send that is cut', () => {
  it('is sent again when it only reads, or has one effect per key, whether or not it may wait', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const sends = [
      events.send('users:chats', {}),
      events.send('agents:status', { status: 'away' }),
      events.send('messages:read', { messageId: 'c_1.1' }),
    ];
    const first = await lineOf(peer, 0, 3);
    first.socket.terminate();
    const second = await lineOf(peer, 1, 3);
    for (const id of [1, 2, 3]) second.answer(id, data({}));
    await Promise.all(sends);
    expect(second.asked).toEqual(first.asked);
  });

  it('fails when it is ephemeral, and says that the server may have got it', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const sent = events.send('user:focus', {}).catch((error: unknown) => error);
    const line = await lineOf(peer, 0, 1);
    line.socket.terminate();
    expect(await sent).toMatchObject({
      code: 'DISCONNECTED',
      event: 'user:focus',
      message: expect.stringContaining('if it is still meant'),
      cause: expect.objectContaining({ handed: true }),
    });
    await expect.poll(() => events.status.state).toBe('open');
    expect(await codeAfter(events, peer)).toBe('resolved');
    expect(paths(peer.lines[1])).toEqual(['send.users:chats']);
  });

  it('is sent again although the next token is refused, for it may have had its effect', async () => {
    await using peer = await startPeer();
    const tokens = ['good', 'bad', 'better'];
    await using events = connectTo(peer, { token: () => tokens.shift() ?? 'best' });
    const sent = codeOf(events.send('messages:send', message('c_1', 'Hello')));
    const first = await lineOf(peer, 0, 1);
    first.socket.terminate();
    const second = await lineOf(peer, 1, 1);
    second.answer(1, refuse('UNAUTHORIZED'));
    const third = await lineOf(peer, 2, 1);
    expect(inputs(third)).toEqual(inputs(first));
    third.answer(1, data({}));
    expect(await sent).toBe('resolved');
  });
});

describe('while there is no connection', () => {
  it('only what is queueable waits; the rest fails at once and says what to do', async () => {
    await using peer = await startPeer();
    const { events, comeBack } = await offline(peer);
    await using _ = events;
    const waiting = codeOf(events.send('messages:send', message('c_1', 'Hello')));
    await expect(events.send('agents:status', { status: 'away' })).rejects.toMatchObject({
      code: 'DISCONNECTED',
      retryable: true,
      event: 'agents:status',
      message: 'There is no connection. Send again when the status is open.',
    });
    expect(await codeOf(events.send('user:focus', {}))).toBe('DISCONNECTED');
    comeBack();
    const line = await lineOf(peer, 1, 1);
    expect(paths(line)).toEqual(['send.messages:send']);
    line.answer(1, data({}));
    expect(await waiting).toBe('resolved');
  });

  it('500 sends wait, and the next one fails', async () => {
    await using peer = await startPeer();
    const { events } = await offline(peer);
    await using _ = events;
    const sends = Array.from({ length: 500 }, (_each, index) =>
      codeOf(events.send('messages:send', message(`c_${index % 7}`, `${index}`))),
    );
    await expect(events.send('messages:send', message('c_1', 'too many'))).rejects.toMatchObject({
      code: 'DISCONNECTED',
      message: 'There is no connection. Send again when the status is open.',
    });
    await events.close();
    expect(new Set(await Promise.all(sends))).toEqual(new Set(['DISCONNECTED']));
  });

  it('what does not wait fails when the first connection cannot be had', async () => {
    await using parley = await start();
    parley.proxy.cut();
    const { after } = manualScheduler();
    const events = parley.connect({ url: parley.proxy.url, environment: { scheduler: { after } } });
    const waits = codeOf(events.send('users:chats', {}));
    // One is handed to the connection, and the other one waits for its turn.
    const joins = [0, 1].map(() => codeOf(events.send('chats:join', { chatId: 'c_1' })));
    expect(await Promise.all(joins)).toEqual(['DISCONNECTED', 'DISCONNECTED']);
    await events.close();
    expect(await waits).toBe('DISCONNECTED');
  });

  it('what is aborted is not sent any more, and what waits behind it is', async () => {
    await using peer = await startPeer();
    const { events, comeBack } = await offline(peer);
    await using _ = events;
    const [first, third] = [new AbortController(), new AbortController()];
    const sends = [first.signal, undefined, third.signal].map((signal, index) =>
      codeOf(events.send('messages:send', message('c_1', `${index + 1}`), { signal })),
    );
    first.abort('not wanted any more');
    third.abort('neither');
    comeBack();
    const line = await lineOf(peer, 1, 1);
    expect(inputs(line)).toMatchObject([{ json: { data: message('c_1', '2') } }]);
    line.answer(1, data({}));
    expect(await Promise.all(sends)).toEqual(['not wanted any more', 'resolved', 'neither']);
  });

  it("a team's own events wait when its list says so", async () => {
    await using peer = await startPeer();
    const { after } = manualScheduler();
    const environment = { ...impatient.environment, scheduler: { after } };
    const reply = { data: {}, reply: {}, errors: {} };
    interface Own {
      'notes:write': typeof reply;
      'notes:lock': typeof reply;
    }
    await using events = connect<Own, object>({
      url: peer.url,
      token: 'the token',
      environment,
      resending: { 'notes:write': 'queueable' },
    });
    await expect.poll(() => peer.lines.length).toBe(1);
    peer.lines[0]?.socket.terminate();
    await expect.poll(() => events.status.state).toBe('reconnecting');
    const waits = codeOf(events.send('notes:write', {}));
    expect(await codeOf(events.send('notes:lock', {}))).toBe('DISCONNECTED');
    await events.close();
    expect(await waits).toBe('DISCONNECTED');
  });
});

describe('a server that has too much to do', () => {
  it('is not asked again before the time it says, and what goes to the same chat waits', async () => {
    await using peer = await startPeer();
    const { after, waiting, fireAll } = manualScheduler();
    await using events = connectTo(peer, { environment: { scheduler: { after } } });
    const sends = ['one', 'two'].map((text) =>
      codeOf(events.send('messages:send', message('c_1', text))),
    );
    const line = await lineOf(peer, 0, 1);
    const before = waiting();
    line.answer(1, refuse('OVERLOADED', 60_000));
    await expect.poll(() => waiting().length).toBe(before.length + 1);
    const [wait = 0] = waiting().filter((each) => !before.includes(each));
    expect(wait).toBeGreaterThanOrEqual(60_000);
    expect(wait).toBeLessThanOrEqual(120_000);
    expect(await codeAfter(events, peer)).toBe('resolved');
    fireAll((milliseconds) => milliseconds === wait);
    await lineOf(peer, 0, 3);
    expect(inputs(line)?.[2]).toEqual(inputs(line)?.[0]);
    line.answer(3, data({}));
    await lineOf(peer, 0, 4);
    line.answer(4, data({}));
    expect(await Promise.all(sends)).toEqual(['resolved', 'resolved']);
  });

  it('gets what is ephemeral only once', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const sent = codeOf(events.send('user:focus', {}));
    const line = await lineOf(peer, 0, 1);
    line.answer(1, refuse('RATE_LIMITED', 1));
    expect(await sent).toBe('RATE_LIMITED');
  });

  it('is not asked again when it failed, which may be for good', async () => {
    await using peer = await startPeer();
    await using events = connectTo(peer);
    const sent = codeOf(events.send('users:chats', {}));
    const line = await lineOf(peer, 0, 1);
    line.answer(1, refuse('INTERNAL'));
    expect(await sent).toBe('INTERNAL');
  });
});

/** Has another send answered, after all that was sent before. */
async function codeAfter(events: Client, peer: Peer): Promise<unknown> {
  const line = peer.lines.at(-1);
  const known = line?.asked.length ?? 0;
  const sent = codeOf(events.send('users:chats', {}));
  await expect.poll(() => line?.asked.length).toBe(known + 1);
  line?.answer(known + 1, chats);
  return sent;
}
