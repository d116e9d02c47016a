import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { WebSocketServer } from 'ws';

import type { PeerServer } from './servers.ts';

/** A WebSocket server of this machine alone, on any free port. */
export const openWebSocketServer = () => new WebSocketServer({ host: '127.0.0.1', port: 0 });

/** Resolves when it accepts connections. */
export async function listening(wss: WebSocketServer): Promise<PeerServer> {
  await once(wss, 'listening');
  // The address of a server that listens on a port is never a pipe's name.
  const { port } = wss.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    async close() {
      for (const socket of wss.clients) socket.terminate();
      wss.close();
    },
  };
}
