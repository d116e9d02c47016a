import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { SharedText, textFrame } from '../../src/socket/frame.ts';
import { FrameWriter } from '../../src/socket/frame-writer.ts';

/** A connection: what is written near is read far, when far reads. */
async function openWay() {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The address of a server that listens on a port is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  const [[far], near] = await Promise.all([
    once(server, 'connection') as Promise<[Socket]>,
    connect(port, '127.0.0.1'),
  ]);
  server.close();
  return {
    near,
    async read(length: number): Promise<Buffer> {
      const chunks: Buffer[] = [];
      let missing = length;
      while (missing > 0) {
        const chunk: Buffer | null = far.read();
        if (!chunk) {
          await once(far, 'readable');
          continue;
        }
        chunks.push(chunk);
        missing -= chunk.length;
      }
      return Buffer.concat(chunks);
    },
    [Symbol.dispose]() {
      near.destroy();
      far.destroy();
    },
  };
}

const anyText = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 1, arbitrary: fc.nat(300_000).map((length) => 'x'.repeat(length)) },
);
const messages = fc.array(
  fc.tuple(
    anyText.map((text) => text.toWellFormed()),
    fc.boolean(),
  ),
  { minLength: 1, maxLength: 40 },
);

test('whoever reads late is sent what was written to it, whatever was written since', async () => {
  const writer = new FrameWriter();
  using first = await openWay();
  using second = await openWay();
  using third = await openWay();
  const ways = [first, second, third].map((way) => ({ way, expected: [] as Buffer[] }));
  const writes = fc.sample(fc.tuple(fc.nat(2), messages), { numRuns: 300, seed: 1 });
  let clogged = 0;
  for (const [index, texts] of writes) {
    const { way, expected } = ways[index] ?? expect.fail();
    writer.write(
      way.near,
      texts.map(([text, isShared]) => (isShared ? new SharedText(text) : text)),
    );
    for (const [text] of texts) expected.push(textFrame(text));
    if (way.near.writableLength > 0) clogged += 1;
  }
  // Both what is passed on at once and what is not was tried.
  expect(clogged).toBeGreaterThan(20);
  expect(clogged).toBeLessThan(writes.length - 20);
  for (const { way, expected } of ways) {
    const bytes = Buffer.concat(expected);
    const read = await way.read(bytes.length);
    expect(read.equals(bytes)).toBe(true);
  }
});
