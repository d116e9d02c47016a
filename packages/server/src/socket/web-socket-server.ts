import { type RawData, type Server, WebSocket, WebSocketServer } from 'ws';

import type { Guard } from '../guard.ts';
import { closeCodes } from './close-codes.ts';

/** Whom a WebSocket tells what happens to it. */
export interface WebSocketOwner {
  hear(data: RawData, isBinary: boolean): void;
  /** A ping came, which ws answers by itself. */
  count(): void;
  closed(): void;
}

/** A WebSocket that can have an owner instead of listeners, which take as much memory as all else that is kept of it. */
export class OwnedWebSocket extends WebSocket {
  owner: WebSocketOwner | undefined;
}

/** Takes over connections after the handshake, each with frames of limited size. */
export function createWebSocketServer(guard: Guard): Server<typeof OwnedWebSocket> {
  const { frameBytes, maxFragments } = guard.limits;
  // ws takes 0 for what is unlimited.
  const bound = (limit: number) => (limit === Number.POSITIVE_INFINITY ? 0 : limit);
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: bound(frameBytes),
    maxFragments: bound(maxFragments),
    WebSocket: class extends OwnedWebSocket {
      /** What comes with an event is what ws says its listeners get. */
      override emit(event: string, ...values: never[]): boolean {
        const [first, second = false] = values;
        if (event === 'error' && first) {
          // Left to listeners, what goes wrong with one connection would end the process.
          noteFrameLimit(first, guard);
          return true;
        }
        if (event === 'message' && first) this.owner?.hear(first, second);
        else if (event === 'ping') this.owner?.count();
        else if (event === 'close') this.owner?.closed();
        return super.emit(event, ...values);
      }

      /** The reason tells whoever sent too large a message how large one may be, so that it is not sent again. */
      override close(code?: number, reason?: string | Buffer): void {
        super.close(code, code === closeCodes.tooLarge ? `${frameBytes}` : reason);
      }
    },
  });
}

/** ws itself closes whoever sends too large a message, or one in too many fragments. */
function noteFrameLimit(error: Error, guard: Guard): void {
  const code = 'code' in error && error.code;
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') guard.reached('frameBytes');
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') guard.reached('maxFragments');
}
