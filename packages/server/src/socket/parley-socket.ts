import type { Server } from 'ws';

import type { Door } from '../http/door.ts';
import type { Parley } from '../parley.ts';
import { Connections } from './connections.ts';
import type { SocketHandler } from './socket-handler.ts';
import type { OwnedWebSocket } from './web-socket-server.ts';

/** Serves Parley's calls over WebSockets: tRPC's protocol, with each occurrence encoded once and one write per connection and turn. */
export function serveParleySocket(
  wss: Server<typeof OwnedWebSocket>,
  parley: Parley,
  door: Door,
): SocketHandler {
  const connections = new Connections(parley, door);
  wss.on('connection', (webSocket, request) => connections.add(webSocket, request));
  return connections;
}
