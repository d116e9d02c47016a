import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { type WebSocket, WebSocketServer } from 'ws';

/** A call, as it is on the wire. */
export interface Asked {
  id: number;
  method: string;
  params: { path: string; input: unknown };
}

/** A connection, from the other side. */
export interface Line {
  socket: WebSocket;
  /** The texts that came, the login first. */
  frames: string[];
  /** The calls that came, in their order. */
  asked: Asked[];
  answer(id: number | null, answer: object): void;
}

/** A server that does what no good server would: the test answers by hand. */
export interface Peer extends AsyncDisposable {
  url: string;
  lines: Line[];
}

/** Starts a peer; each connection that it gets may be answered from the start. */
export async function startPeer(onLine: (line: Line) => void = () => {}): Promise<Peer> {
  const lines: Line[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 65_536 });
  server.on('connection', (socket) => {
    const line: Line = {
      socket,
      frames: [],
      asked: [],
      answer: (id, answer) => socket.send(JSON.stringify({ id, ...answer })),
    };
    lines.push(line);
    onLine(line);
    socket.on('message', (bytes) => {
      const text = String(bytes);
      line.frames.push(text);
      if (!/^[{[]/.test(text)) return;
      const messages: Asked[] = [JSON.parse(text)].flat();
      line.asked.push(...messages.filter(({ id }) => id !== undefined));
    });
  });
  await once(server, 'listening');
  // The address of a server that listens on a port is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/events`,
    lines,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
