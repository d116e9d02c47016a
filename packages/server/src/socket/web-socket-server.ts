import { WebSocket, WebSocketServer } from 'ws';

import type { Guard } from '../guard.ts';
import { closeCodes } from './close-codes.ts';

/** Takes over connections after the handshake, each with frames of limited size. */
export function createWebSocketServer(guard: Guard): WebSocketServer {
  const { frameBytes, maxFragments } = guard.limits;
  // ws takes 0 for what is unlimited.
  const bound = (limit: number) => (limit === Number.POSITIVE_INFINITY ? 0 : limit);
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: bound(frameBytes),
    maxFragments: bound(maxFragments),
    WebSocket: class extends WebSocket {
      /** The reason tells whoever sent too large a message how large one may be, so that it is not sent again. */
      override close(code?: number, reason?: string | Buffer): void {
        super.close(code, code === closeCodes.tooLarge ? `${frameBytes}` : reason);
      }
    },
  });
  // Without a listener, what goes wrong with one connection would end the process.
  const onSocketError = (error: Error) => noteFrameLimit(error, guard);
  wss.on('connection', (ws) => ws.on('error', onSocketError));
  return wss;
}

/** ws itself closes whoever sends too large a message, or one in too many fragments. */
function noteFrameLimit(error: Error, guard: Guard): void {
  const code = 'code' in error && error.code;
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') guard.reached('frameBytes');
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') guard.reached('maxFragments');
}
