import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';

import { defineEvent } from '@parley/contract';
import { defineHandler } from '@parley/server';
import { initTRPC } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import superjson, { type SuperJSONResult } from 'superjson';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import * as z from 'zod';

import { kindOf } from '../conformance/answer.ts';
import { Connection } from '../conformance/connection.ts';
import { ann } from '../conformance/desk.ts';
import { sockets } from '../conformance/sockets.ts';
import { startServer } from '../harness.ts';

const run = promisify(execFile);

/** Each step is twice as large as the one before. */
function referenceChain(steps: number): SuperJSONResult {
  const names = Array.from({ length: steps }, (_, step) => `k${step}`);
  const pairs = names.slice(1).map((name, step) => [`k${step}`, [`${name}.a`, `${name}.b`]]);
  return {
    json: Object.fromEntries(names.map((name) => [name, { a: null, b: null }])),
    meta: { referentialEqualities: Object.fromEntries(pairs), v: 1 },
  };
}

/** What a program says in a process of 64 MiB that has ten seconds. */
async function inProcess(program: string): Promise<string> {
  const words = ['--max-old-space-size=64', '--input-type=module', '-e', program];
  const options = { cwd: import.meta.dirname, timeout: 10_000, killSignal: 'SIGKILL' as const };
  return run(process.execPath, words, options).then(
    ({ stdout }) => stdout,
    () => 'the process died',
  );
}

/** What superjson makes of an input. */
const readBySuperjson = (input: SuperJSONResult) =>
  inProcess(`import superjson from 'superjson';
    const value = superjson.deserialize(${JSON.stringify(input)});
    JSON.stringify(value);
    process.stdout.write('read');`);

/** What becomes of tRPC's adapter with the option \`prefix\` when somebody sends a frame with reserved bits to a path. */
const badFrameToTRPC = (path: string) =>
  inProcess(`import { initTRPC } from '@trpc/server';
    import { applyWSSHandler } from '@trpc/server/adapters/ws';
    import { WebSocket, WebSocketServer } from 'ws';
    const wss = new WebSocketServer({ port: 0 });
    const { router } = initTRPC.create();
    applyWSSHandler({ wss, router: router({}), prefix: '/trpc' });
    const client = new WebSocket('ws://127.0.0.1:' + wss.address().port + '${path}');
    client.on('upgrade', ({ socket }) => socket.write(Buffer.from('f18000000000', 'hex')));
    client.on('close', (code) => {
      process.stdout.write('closed with ' + code);
      wss.close();
    });`);

const hostile = {
  'a chain of references': referenceChain(40),
  'a regexp': { json: { a: '/(a+)+$/' }, meta: { values: { a: ['regexp'] }, v: 1 } },
  'an annotation whose child is a text': {
    json: { a: '2026-01-01' },
    meta: { values: { a: ['Date', 'x'.repeat(10_000)] }, v: 1 },
  },
  'a key constructor': { json: { data: { room: 'sales', source: 'web', constructor: 1 } } },
};

describe.each(sockets)('over the socket of %s', (socket) => {
  test.each(Object.entries(hostile))('%s is refused, and the server goes on', async (_, input) => {
    await using server = await startServer({ socket });
    await using connection = await Connection.as(server.url, ann);
    const params = { path: 'send.chats:create', input };
    connection.send({ id: 1, method: 'mutation', params });
    expect(kindOf(await connection.answer(1))).toBe('VALIDATION');
    const next = await connection.sendEvent('users:chats', {});
    expect(kindOf(next)).toBe('data');
  });
});

/** Asks for a WebSocket at a path, sends a frame that is none before there is an answer, and cuts the connection. */
async function sendBadFrame(address: string, path: string): Promise<void> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  const upgrade = [
    `GET ${path} HTTP/1.1`,
    `Host: ${hostname}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
  // Every reserved bit and a reserved opcode.
  socket.write(Buffer.concat([Buffer.from(upgrade), Buffer.from([0xff, 0xff, 0, 0])]));
  await once(socket, 'data');
  socket.resetAndDestroy();
}

describe.each(sockets)('without a login, over the socket of %s', (socket) => {
  test.each(['/', '/events', '/events/more', '/trpc', '/metrics'])(
    'a bad frame sent to %s ends that connection and nothing else',
    async (path) => {
      await using server = await startServer({ socket });
      await using connection = await Connection.as(server.url, ann);
      for (let time = 0; time < 10; time += 1) await sendBadFrame(server.address, path);
      expect(kindOf(await connection.sendEvent('users:chats', {}))).toBe('data');
    },
  );
});

describe('superjson alone', () => {
  test('is brought down by a chain of references, and reads a short one', async () => {
    expect(await readBySuperjson(referenceChain(3))).toBe('read');
    expect(await readBySuperjson(referenceChain(40))).toBe('the process died');
  });

  test("makes an attacker's RegExp", () => {
    const read = superjson.deserialize<{ a: unknown }>({
      json: { a: '/(a+)+$/' },
      meta: { values: { a: ['regexp'] }, v: 1 },
    });
    expect(read.a).toBeInstanceOf(RegExp);
  });

  test('cannot write what has a key constructor', () => {
    expect(() => superjson.serialize({ ['constructor']: 1 })).toThrow('constructor');
  });
});

const fault = 'The password is hunter2.';

const fails = defineEvent('acme:fail', {
  summary: 'Something fails.',
  send: {
    by: ['customer'],
    data: z.strictObject({}),
    reply: z.strictObject({}),
    errors: [],
    example: {},
  },
});

const failing = defineHandler(fails, async () => {
  throw new Error(fault);
});

test.each(sockets)(
  'what a handler throws stays on the server, over the socket of %s',
  async (socket) => {
    const told: string[] = [];
    await using server = await startServer({
      ...{ socket, events: [fails], handlers: [failing] },
      onRefused: ({ refusal }) => told.push(String(refusal.cause)),
    });
    await using connection = await Connection.as(server.url, ann);
    expect(kindOf(await connection.sendEvent('acme:fail', {}))).toBe('INTERNAL');
    expect(told).toEqual([`Error: ${fault}`]);
    expect(connection.frames.join()).not.toContain(fault);
  },
);

describe("tRPC's adapter alone", () => {
  test('is brought down by a bad frame on another path than its prefix', async () => {
    expect(await badFrameToTRPC('/trpc')).toBe('closed with 1002');
    expect(await badFrameToTRPC('/other')).toBe('the process died');
  });

  test('tells clients what a procedure throws', async () => {
    const wss = new WebSocketServer({ port: 0 });
    await using _ = { [Symbol.asyncDispose]: async () => wss.close() };
    await once(wss, 'listening');
    const { router, procedure } = initTRPC.create({ isDev: false });
    const fail = procedure.mutation(() => {
      throw new Error(fault);
    });
    applyWSSHandler({ wss, router: router({ fail }) });
    const { port } = Object(wss.address());
    await using connection = await Connection.open(`ws://127.0.0.1:${port}`);
    connection.send({ id: 1, method: 'mutation', params: { path: 'fail' } });
    await expect.poll(() => connection.frames.join()).toContain(fault);
  });
});
