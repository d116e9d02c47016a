import { once } from 'node:events';

import { type LimitName, type LimitSettings, signToken } from '@parley/server';
import { WebSocket } from 'ws';

import { errorIn, kindOf } from '../conformance/answer.ts';
import { Connection, request } from '../conformance/connection.ts';
import { ann, backend, createChat } from '../conformance/desk.ts';
import type { Socket } from '../conformance/sockets.ts';
import { secret } from '../harness.ts';
import type { VirtualEnvironment } from '../virtual-environment.ts';

/** Where an attack goes to. Time stands still there unless the attack moves it. */
export interface Target {
  url: string;
  environment: VirtualEnvironment;
}

/** Something a server must not put up with. */
export interface Attack {
  what: string;
  limit: LimitName;
  /** What has to be off for it to succeed. */
  off: LimitSettings;
  run(target: Target): Promise<string>;
  /** What comes of it. */
  guarded: string;
  /** What comes of it when the guard is off. */
  unguarded: string;
  /** Whether time goes on: a server with many connections waits before it stops. */
  takesTime?: true;
  /** Where it holds; everywhere unless told. */
  sockets?: readonly Socket[];
}

const parleyOnly = ['parley'] as const;

const asks = (id: string | number) => request(id, 'mutation', 'send.users:chats', { data: {} });
const times = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index));

/** What becomes of a connection: its close code, or that it still answers. */
async function fate(connection: Connection): Promise<string> {
  const answered = connection.call('mutation', 'send.users:chats', { data: {} }, 'fate');
  const closed = connection.closed.then((code) => `closed with ${code}`);
  return Promise.race([closed, answered.then(kindOf, () => closed)]);
}

/** The kinds of the answers to so many requests, each once, in the order of the alphabet. */
async function kinds(connection: Connection, count: number): Promise<string> {
  const answers = await Promise.all(times(count, (index) => connection.answer(index)));
  return [...new Set(answers.map(kindOf))].toSorted().join(', ');
}

/** What the first answer to one of two requests is. */
async function firstKind(connection: Connection, ...ids: (string | number | null)[]) {
  const answers = ids.map((id) => connection.answer(id));
  // Nobody waits for the other one.
  for (const answer of answers) answer.catch(() => undefined);
  return kindOf(await Promise.race(answers));
}

async function asked(url: string, input: unknown): Promise<string> {
  await using connection = await Connection.as(url, ann);
  connection.send({ id: 1, method: 'mutation', params: { path: 'send.chats:create', input } });
  return await firstKind(connection, null, 1);
}

function nest(levels: number): unknown {
  let value: unknown = {};
  for (let level = 1; level < levels; level += 1) value = { a: value };
  return value;
}

/** Opens so many at once; what became of the last one that was answered otherwise than the first. */
async function openMany(url: string, count: number): Promise<string> {
  const sockets = times(count, () => new WebSocket(`${url}?connectionParams=1`));
  const ends = sockets.map(async (socket) => {
    try {
      await once(socket, 'open');
      return 'open';
    } catch (error) {
      return String(error).replace('Error: Unexpected server response: ', 'HTTP ');
    }
  });
  const outcomes = await Promise.all(ends);
  for (const socket of sockets) socket.terminate();
  return [...new Set(outcomes)].toSorted().join(', ');
}

/** Says nothing for so many seconds. */
async function keepSilent({ url, environment }: Target, seconds: number): Promise<string> {
  await using connection = await Connection.open(`${url}?connectionParams=1`);
  connection.sendText('PING');
  await connection.heard('PONG');
  await environment.advance(seconds * 1000);
  connection.sendText('PING');
  const heard = connection.heard('PONG', 2).then(() => 'open');
  const closed = connection.closed.then((code) => `closed with ${code}`);
  return await Promise.race([closed, heard.catch(() => closed)]);
}

/** Stops reading while twelve mebibytes are said to it. */
async function stopReading({ url }: Target): Promise<string> {
  await using writer = await Connection.as(url, backend);
  await using owner = await Connection.as(url, ann);
  const chatId = await createChat(owner);
  const listener = new WebSocket(`${url}?connectionParams=1`);
  await once(listener, 'open');
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  listener.once('message', () => start());
  const token = await signToken({ ...backend, secret });
  listener.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
  listener.send(JSON.stringify(request(1, 'subscription', 'listen.messages:new', {})));
  await started;
  listener.pause();
  const message = 'x'.repeat(8000);
  for (let round = 0; round < 300; round += 1) {
    const ids = times(5, (index) => `${round}-${index}`);
    writer.send(
      ids.map((id) => request(id, 'mutation', 'send.messages:send', { data: { chatId, message } })),
    );
    await Promise.all(ids.map((id) => writer.answer(id)));
  }
  const { promise: last, resolve: end } = Promise.withResolvers<string>();
  let heard = 0;
  listener.on('close', (code) => end(`closed with ${code}`));
  listener.on('message', () => (heard += 1) === 1500 && end('all is kept for it'));
  listener.resume();
  const outcome = await last;
  listener.terminate();
  return outcome;
}

export const attacks: readonly Attack[] = [
  {
    what: 'a frame of more than 64 KiB',
    limit: 'frameBytes',
    off: { frameBytes: 0 },
    guarded: 'closed with 1009',
    unguarded: 'data',
    async run({ url }) {
      await using connection = await Connection.as(url, ann);
      connection.sendText(JSON.stringify('x'.repeat(65_536)));
      return await fate(connection);
    },
  },
  {
    what: 'a message in 65 fragments',
    limit: 'maxFragments',
    off: { maxFragments: 0 },
    guarded: 'closed with 1008',
    unguarded: 'PONG',
    async run({ url }) {
      const socket = new WebSocket(url);
      await once(socket, 'open');
      const outcome = Promise.race([
        once(socket, 'close').then(([code]) => `closed with ${code}`),
        once(socket, 'message').then(([data]) => String(data)),
      ]);
      for (const part of ['P', 'I', 'N', ...times(61, () => '')]) socket.send(part, { fin: false });
      socket.send('G', { fin: true });
      const ended = await outcome;
      socket.terminate();
      return ended;
    },
  },
  {
    what: '834 mutations in one frame',
    limit: 'callsPerFrame',
    off: { callsPerFrame: 0, inFlight: 0, sendsPerSecond: 0 },
    guarded: 'TOO_LARGE',
    unguarded: 'VALIDATION',
    sockets: parleyOnly,
    async run({ url }) {
      await using connection = await Connection.as(url, ann);
      const params = { path: 'send.users:chats' };
      connection.send(times(834, (id) => ({ id, method: 'mutation', params })));
      return await firstKind(connection, null, 833);
    },
  },
  {
    what: '17 mutations in one frame',
    limit: 'callsPerFrame',
    off: { callsPerFrame: 0 },
    guarded: 'TOO_LARGE',
    unguarded: 'data',
    sockets: parleyOnly,
    async run({ url }) {
      await using connection = await Connection.as(url, ann);
      connection.send(times(17, asks));
      return await kinds(connection, 17);
    },
  },
  {
    what: '129 subscriptions',
    limit: 'subscriptions',
    off: { subscriptions: 0 },
    guarded: 'TOO_LARGE, started',
    unguarded: 'started',
    async run({ url }) {
      await using connection = await Connection.as(url, ann);
      const listen = (id: number) => request(id, 'subscription', 'listen.messages:new', {});
      connection.send(times(100, listen));
      connection.send(times(29, (index) => listen(100 + index)));
      return await kinds(connection, 129);
    },
  },
  {
    what: 'an id of 60,000 characters',
    limit: 'idLength',
    off: { idLength: 0 },
    guarded: 'VALIDATION',
    unguarded: 'data',
    sockets: parleyOnly,
    async run({ url }) {
      await using connection = await Connection.as(url, ann);
      const id = 'x'.repeat(60_000);
      connection.send(asks(id));
      return await firstKind(connection, null, id);
    },
  },
  {
    what: 'an input of 33 levels',
    limit: 'jsonDepth',
    off: { jsonDepth: 0 },
    guarded: 'TOO_LARGE',
    unguarded: 'VALIDATION',
    run: ({ url }) => asked(url, { json: nest(33) }),
  },
  {
    what: 'an input of 5,001 values',
    limit: 'jsonNodes',
    off: { jsonNodes: 0 },
    guarded: 'TOO_LARGE',
    unguarded: 'VALIDATION',
    run: ({ url }) => asked(url, { json: times(5_000, () => 0) }),
  },
  {
    what: '33 sends at once',
    limit: 'inFlight',
    off: { inFlight: 0 },
    guarded: 'RATE_LIMITED, data',
    unguarded: 'data',
    async run({ url }) {
      await using owner = await Connection.as(url, ann);
      const chatId = await createChat(owner);
      await using connection = await Connection.as(url, backend);
      const say = (id: number) =>
        request(id, 'mutation', 'send.messages:send', { data: { chatId, message: `${id}` } });
      for (const first of [0, 11, 22]) connection.send(times(11, (index) => say(first + index)));
      return await kinds(connection, 33);
    },
  },
  {
    what: '31 sends of a customer, over two connections',
    limit: 'sendsPerSecond',
    off: { sendsPerSecond: 0 },
    guarded: 'RATE_LIMITED after 30',
    unguarded: 'data',
    async run({ url }) {
      await using one = await Connection.as(url, ann);
      await using other = await Connection.as(url, ann);
      for (let index = 0; index < 30; index += 1) {
        const kind = kindOf(await one.call('mutation', 'send.users:chats', { data: {} }));
        if (kind !== 'data') return `${kind} after ${index}`;
      }
      const answer = await other.call('mutation', 'send.users:chats', { data: {} });
      const wait = errorIn(answer)?.data.retryAfterMs;
      return wait === undefined ? kindOf(answer) : `${kindOf(answer)} after 30`;
    },
  },
  {
    what: '101 sends of an agent',
    limit: 'agentSendsPerSecond',
    off: { agentSendsPerSecond: 0, framesPerSecond: 0 },
    guarded: 'RATE_LIMITED after 100',
    unguarded: 'data after 100',
    async run({ url }) {
      await using connection = await Connection.as(url, { sub: 'bob', role: 'agent' });
      const input = { data: {} };
      for (let index = 0; index < 50; index += 1) {
        const ids = [`${index}-0`, `${index}-1`];
        connection.send(ids.map(asks));
        const got = await Promise.all(ids.map((id) => connection.answer(id)));
        const bad = got.map(kindOf).find((kind) => kind !== 'data');
        if (bad) return `${bad} after ${2 * index}`;
      }
      return `${kindOf(await connection.call('mutation', 'send.users:chats', input))} after 100`;
    },
  },
  {
    what: '101 frames at once',
    limit: 'framesPerSecond',
    off: { framesPerSecond: 0 },
    guarded: 'RATE_LIMITED',
    unguarded: 'data',
    sockets: parleyOnly,
    async run({ url }) {
      await using connection = await Connection.as(url, ann);
      for (let frame = 0; frame < 100; frame += 1) connection.sendText('PONG');
      return kindOf(await connection.call('mutation', 'send.users:chats', { data: {} }));
    },
  },
  {
    what: '300 frames at once',
    limit: 'framesPerSecond',
    off: { framesPerSecond: 0 },
    guarded: 'closed with 4429',
    unguarded: 'data',
    async run({ url }) {
      await using connection = await Connection.as(url, ann);
      for (let frame = 0; frame < 300; frame += 1) connection.sendText('PONG');
      return await fate(connection);
    },
  },
  {
    what: '300 control pings, each answered',
    limit: 'framesPerSecond',
    off: { framesPerSecond: 0 },
    guarded: 'closed with 4429',
    unguarded: 'answered',
    async run({ url }) {
      const socket = new WebSocket(url);
      await once(socket, 'open');
      let outcome = 'answered';
      const closed = once(socket, 'close').then(([code]) => (outcome = `closed with ${code}`));
      for (let pings = 0; pings < 300 && outcome === 'answered'; pings += 1) {
        socket.ping();
        await Promise.race([once(socket, 'pong'), closed]);
      }
      socket.terminate();
      return outcome;
    },
  },
  {
    what: '21 connections of a user',
    limit: 'connectionsPerUser',
    takesTime: true,
    off: { connectionsPerUser: 0 },
    guarded: 'closed with 4429',
    unguarded: 'data',
    async run({ url }) {
      await using opened = new AsyncDisposableStack();
      for (let count = 0; count < 20; count += 1) {
        await fate(opened.use(await Connection.as(url, backend)));
      }
      return await fate(opened.use(await Connection.as(url, backend)));
    },
  },
  {
    what: '51 connections of an address that say nothing',
    limit: 'unauthenticatedPerAddress',
    takesTime: true,
    off: { unauthenticatedPerAddress: 0 },
    guarded: 'HTTP 429, open',
    unguarded: 'open',
    run: ({ url }) => openMany(url, 51),
  },
  {
    what: '201 connections within a second',
    limit: 'acceptsPerSecond',
    off: { acceptsPerSecond: 0, unauthenticatedPerAddress: 0 },
    guarded: 'HTTP 503',
    unguarded: 'open',
    async run({ url }) {
      const outcomes = new Set<string>();
      for (let round = 0; round < 8; round += 1) outcomes.add(await openMany(url, 30));
      return [...outcomes].at(-1) ?? '';
    },
  },
  {
    what: 'silence after ?connectionParams=1',
    limit: 'authSeconds',
    off: { authSeconds: 0 },
    guarded: 'closed with 4401',
    unguarded: 'open',
    run: (target) => keepSilent(target, 5),
  },
  {
    what: 'a client that stops reading',
    limit: 'bufferCloseBytes',
    takesTime: true,
    off: { bufferCloseBytes: 0 },
    guarded: 'closed with 4408',
    unguarded: 'all is kept for it',
    sockets: parleyOnly,
    run: stopReading,
  },
];
