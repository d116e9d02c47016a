import { applyWSSHandler, type CreateWSSContextFnOptions } from '@trpc/server/adapters/ws';
import type { WebSocket, WebSocketServer } from 'ws';

import type { Parley } from '../parley.ts';
import type { CallContext } from '../calls.ts';
import { closeCodes } from './close-codes.ts';
import { logIn } from './log-in.ts';
import type { SocketHandler } from './socket-handler.ts';
import {
  authenticationMilliseconds,
  closingMilliseconds,
  expiryMilliseconds,
  pingMilliseconds,
  pongMilliseconds,
} from './times.ts';

const reconnectNotice = JSON.stringify({ id: null, method: 'reconnect' });

/** Serves the router over tRPC's own WebSocket adapter: correct and slow, what ours is measured against. */
export function serveTRPCSocket(wss: WebSocketServer, parley: Parley): SocketHandler {
  const { router, environment } = parley;
  const { after } = environment.scheduler;

  /** Closes the socket later, unless the timer is cancelled or the socket closes before. */
  function closeAfter(socket: WebSocket, milliseconds: number, reason: string) {
    const cancel = after(milliseconds, () => socket.close(closeCodes.unauthorized, reason));
    socket.once('close', cancel);
    return cancel;
  }

  const deadlines = new WeakMap<WebSocket, () => void>();
  wss.on('connection', (socket) =>
    deadlines.set(socket, closeAfter(socket, authenticationMilliseconds, 'no valid token')),
  );

  async function createContext({ info, res }: CreateWSSContextFnOptions): Promise<CallContext> {
    const context = await logIn(parley, info.connectionParams?.['token'] ?? '');
    const { session } = context;
    if (!session) return context;
    if (res.readyState !== res.OPEN) return {};
    deadlines.get(res)?.();
    closeAfter(res, session.expiresAt + expiryMilliseconds - environment.now(), 'token expired');
    const attendance = {
      expel() {
        delete context.session;
        res.close(closeCodes.unauthorized, 'revoked');
        res.once(
          'close',
          after(closingMilliseconds, () => res.terminate()),
        );
      },
    };
    parley.connect(session, attendance);
    res.once('close', () => parley.disconnect(session, attendance));
    return context;
  }

  applyWSSHandler({
    wss,
    router,
    createContext,
    keepAlive: { enabled: true, pingMs: pingMilliseconds, pongWaitMs: pongMilliseconds },
  });

  return {
    get open() {
      return Array.from(wss.clients, (socket) => ({
        sendAway: () => socket.send(reconnectNotice),
      }));
    },
    // What is under way the adapter does not say; the log waits for all of it before it closes.
    finish: async () => {},
    close(code, reason) {
      for (const socket of wss.clients) socket.close(code, reason);
    },
  };
}
