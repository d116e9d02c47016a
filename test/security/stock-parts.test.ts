import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';

import superjson, { type SuperJSONResult } from 'superjson';
import { describe, expect, test } from 'vitest';

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

/** What superjson makes of it in a process of 64 MiB that has ten seconds. */
async function inProcess(input: SuperJSONResult): Promise<'read' | 'the process died'> {
  const program = `import superjson from 'superjson';
    const value = superjson.deserialize(${JSON.stringify(input)});
    JSON.stringify(value);`;
  const words = ['--max-old-space-size=64', '--input-type=module', '-e', program];
  const options = { cwd: import.meta.dirname, timeout: 10_000, killSignal: 'SIGKILL' as const };
  return run(process.execPath, words, options).then(
    () => 'read',
    () => 'the process died',
  );
}

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
    expect(await inProcess(referenceChain(3))).toBe('read');
    expect(await inProcess(referenceChain(40))).toBe('the process died');
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
