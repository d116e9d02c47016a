import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

import { frameLength, textFrame, writeTextFrame } from '../../src/socket/frame.ts';

/** What a WebSocket client makes of the bytes. */
async function receive(bytes: Buffer, count: number): Promise<string[]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (_webSocket, { socket }) => socket.write(bytes));
  // The address of a server that listens on a port is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const texts: string[] = [];
  try {
    while (texts.length < count) {
      const [data] = await once(client, 'message');
      texts.push(String(data));
    }
    return texts;
  } finally {
    client.terminate();
    server.close();
  }
}

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
  'a text of %i bytes arrives as it was sent',
  async (length) => {
    const text = 'x'.repeat(length);
    expect(await receive(textFrame(text), 1)).toEqual([text]);
  },
);

test('any text arrives as it was sent', async () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => text.toWellFormed());
  const texts = fc.sample(anyText, { numRuns: 300, seed: 1 });
  // One at a time, as `once` hears one message of each turn.
  for (const text of texts.slice(0, 20)) {
    expect(await receive(textFrame(text), 1)).toEqual([text]);
  }
  for (const text of texts) {
    const length = Buffer.byteLength(text);
    const bytes = Buffer.alloc(3 + frameLength(length));
    expect(writeTextFrame(bytes, 3, text, length)).toBe(bytes.length);
    expect(bytes.subarray(3)).toEqual(textFrame(text));
  }
});
