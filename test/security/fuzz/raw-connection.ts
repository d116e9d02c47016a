import { once } from 'node:events';
import { connect } from 'node:net';

import type { Chance } from '../../delivery/chance.ts';

const upgraded = '\r\n\r\n';

/** Opens a WebSocket by hand, sends the bytes in slices, and gives the code that it is closed with. */
export async function closeCodeFor(url: string, bytes: Buffer, chance: Chance): Promise<number> {
  const { hostname, port, host, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    const isFirst = chunks.length === 0;
    chunks.push(chunk);
    if (!isFirst) return;
    const cut = chance.below(bytes.length + 1);
    socket.write(bytes.subarray(0, cut));
    setImmediate(() => socket.write(bytes.subarray(cut)));
  });
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(Buffer.concat(chunks)));
  socket.setTimeout(10_000, () => socket.destroy());
  await once(socket, 'connect');
  socket.write(
    [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      upgraded.slice(2),
    ].join('\r\n'),
  );
  const heard = await promise;
  return closeCodeIn(heard.subarray(heard.indexOf(upgraded) + upgraded.length));
}

/** The code of the close frame among the server's frames, which are short here; 0 when there is none. */
function closeCodeIn(frames: Buffer): number {
  let offset = 0;
  while (offset + 2 <= frames.length) {
    const length = (frames[offset + 1] ?? 0) & 0x7f;
    if (((frames[offset] ?? 0) & 0x0f) === 8)
      return length >= 2 ? frames.readUInt16BE(offset + 2) : 1005;
    const header = length === 126 ? 4 : 2;
    offset += header + (length === 126 ? frames.readUInt16BE(offset + 2) : length);
  }
  return 0;
}
