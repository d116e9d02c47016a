import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

import { Chance } from './chance.ts';
import { FaultyProxy } from './faulty-proxy.ts';

/** A server that answers every text, and a client that talks to it by way of a proxy. */
async function open() {
  await using opened = new AsyncDisposableStack();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  opened.defer(() => void server.close());
  const heardByServer: string[] = [];
  let closedAtServer = false;
  server.on('connection', (socket) => {
    opened.defer(() => socket.terminate());
    socket.on('error', () => undefined);
    socket.on('close', () => (closedAtServer = true));
    socket.on('message', (data) => {
      heardByServer.push(String(data));
      socket.send(answerTo(String(data)));
    });
  });
  const { port } = server.address() as AddressInfo;
  const proxy = opened.use(await FaultyProxy.start(`ws://127.0.0.1:${port}/`, new Chance(1)));
  const client = new WebSocket(proxy.url);
  opened.defer(() => client.terminate());
  const heardByClient: string[] = [];
  let closedAtClient = false;
  client.on('error', () => undefined);
  client.on('close', () => (closedAtClient = true));
  client.on('message', (data) => heardByClient.push(String(data)));
  await once(client, 'open');
  const kept = opened.move();
  return {
    proxy,
    client,
    heardByServer,
    heardByClient,
    closed: () => ({ client: closedAtClient, server: closedAtServer }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function answerTo(text: string): string {
  if (!text.startsWith('{')) return `${text}!`;
  const { id }: { id: number } = JSON.parse(text);
  return JSON.stringify({ id, result: { data: 'done' } });
}

const send = (id: number, key: string) =>
  JSON.stringify({
    id,
    method: 'mutation',
    params: { path: 'send.any', input: { json: { key } } },
  });

const patiently = { timeout: 10_000, interval: 10 };

describe('a proxy', () => {
  test('without a fault passes on everything, long and short', async () => {
    await using line = await open();
    const texts = ['', 'a', 'ä'.repeat(100), 'b'.repeat(70_000)];
    for (const text of texts) line.client.send(text);
    await expect.poll(() => line.heardByClient, patiently).toEqual(texts.map((text) => `${text}!`));
  });

  test.each(['reset', 'FIN'] as const)('%s ends the connection on both sides', async (kind) => {
    await using line = await open();
    await line.proxy.inject(kind);
    await expect.poll(line.closed, patiently).toEqual({ client: true, server: true });
  });

  test('a black hole both ways swallows everything, and the end too', async () => {
    await using line = await open();
    const injected = line.proxy.inject('black hole both ways');
    await expectSwallowed(line);
    expect(line.heardByServer).toEqual([]);
    line.client.terminate();
    await injected;
    expect(line.closed().server).toBe(false);
  });

  test('a black hole to the server swallows what the client says', async () => {
    await using line = await open();
    const injected = line.proxy.inject('black hole to the server');
    await expectSwallowed(line);
    expect(line.heardByServer).toEqual([]);
    line.client.terminate();
    await injected;
  });

  test('a black hole to the client swallows what the server says', async () => {
    await using line = await open();
    const injected = line.proxy.inject('black hole to the client');
    await Promise.resolve();
    line.client.send('Hello?');
    await expect.poll(() => line.heardByServer, patiently).toEqual(['Hello?']);
    await expectSilence(line);
    line.client.terminate();
    await injected;
  });

  test('a delay is 2 s each way, and keeps the order', async () => {
    await using line = await open();
    const began = performance.now();
    void line.proxy.inject('2 s delay');
    await Promise.resolve();
    for (const text of ['1', '2', '3']) line.client.send(text);
    await expect.poll(() => line.heardByServer, patiently).toEqual(['1', '2', '3']);
    expect(performance.now() - began).toBeGreaterThan(1900);
    await expect.poll(() => line.heardByClient, patiently).toEqual(['1!', '2!', '3!']);
  });

  test('1 KiB/s is what passes in a second', async () => {
    await using line = await open();
    const injected = line.proxy.inject('1 KiB/s');
    await Promise.resolve();
    const began = performance.now();
    line.client.send('x'.repeat(1024));
    await expect.poll(() => line.heardByServer.length, patiently).toBe(1);
    expect(performance.now() - began).toBeGreaterThan(900);
    await injected;
  });

  test('slices come together again', async () => {
    await using line = await open();
    const injected = line.proxy.inject('1-7 byte slices');
    const texts = Array.from({ length: 50 }, (_, index) => `${index} `.repeat(20));
    for (const text of texts) line.client.send(text);
    await expect.poll(() => line.heardByClient, patiently).toEqual(texts.map((text) => `${text}!`));
    await injected;
  });

  test('a cut before the reply lets the request through, and says of which send', async () => {
    await using line = await open();
    line.client.send(send(1, 'one'));
    await expect.poll(() => line.heardByClient, patiently).toHaveLength(1);
    const injected = line.proxy.inject('cut before the reply');
    await Promise.resolve();
    line.client.send(send(2, 'two'));
    expect(await injected).toMatchObject({ kind: 'cut before the reply', key: 'two' });
    await expect.poll(line.closed, patiently).toEqual({ client: true, server: true });
    expect(line.heardByServer).toEqual([send(1, 'one'), send(2, 'two')]);
    expect(line.heardByClient).toHaveLength(1);
  });
});

/** Says something that the client must hear no answer to. */
async function expectSwallowed(line: { client: WebSocket; heardByClient: string[] }) {
  await Promise.resolve();
  line.client.send('Hello?');
  await expectSilence(line);
}

/** Waits for as long as a proxy without a fault would take many times over. */
async function expectSilence(line: { heardByClient: string[] }) {
  await expect(
    expect.poll(() => line.heardByClient, { timeout: 200, interval: 10 }).not.toEqual([]),
  ).rejects.toThrow('to not deeply equal');
}
