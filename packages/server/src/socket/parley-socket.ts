import type { WebSocketServer } from 'ws';

import type { Parley } from '../parley.ts';
import { Connection } from './connection.ts';
import { createFlusher } from './outbox.ts';
import type { SocketHandler } from './socket-handler.ts';

/** Serves Parley's calls over WebSockets: tRPC's protocol, with each occurrence encoded once and one write per connection and turn. */
export function serveParleySocket(wss: WebSocketServer, parley: Parley): SocketHandler {
  const flusher = createFlusher(parley.environment.scheduler);
  const connections = new Set<Connection>();
  wss.on('connection', (webSocket, { socket: stream, url = '' }) => {
    const bringsToken = new URL(url, 'ws://localhost').searchParams.get('connectionParams') === '1';
    const connection = new Connection({ parley, webSocket, stream, flusher, bringsToken });
    connections.add(connection);
    webSocket.on('close', () => connections.delete(connection));
  });
  return {
    close(code, reason) {
      for (const connection of connections) connection.close(code, reason);
    },
  };
}
