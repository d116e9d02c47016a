import { applyWSSHandler, type CreateWSSContextFnOptions } from '@trpc/server/adapters/ws';
import type { WebSocket, WebSocketServer } from 'ws';

import type { Session } from '../access/session.ts';
import type { Door } from '../http/door.ts';
import type { Parley } from '../parley.ts';
import type { CallContext } from '../calls.ts';
import { closeCodes } from './close-codes.ts';
import { logIn } from './log-in.ts';
import type { SocketHandler } from './socket-handler.ts';
import {
  closingMilliseconds,
  expiryMilliseconds,
  pingMilliseconds,
  pongMilliseconds,
} from './times.ts';

const reconnectNotice = JSON.stringify({ id: null, method: 'reconnect' });

/** Serves the router over tRPC's own WebSocket adapter: correct and slow, what ours is measured against. */
export function serveTRPCSocket(wss: WebSocketServer, parley: Parley, door: Door): SocketHandler {
  const { router, environment, guard } = parley;
  const { after } = environment.scheduler;

  /** What came cannot be refused here, so whoever sends too many frames is closed at once. */
  function countFrames(socket: WebSocket) {
    let due = 0;
    function count() {
      const now = environment.now();
      due = guard.nextFrame(due, now);
      if (guard.frameEarlyBy(due, now) <= 0 || services.has(socket)) return;
      if (socket.readyState !== socket.OPEN) return;
      guard.reached('framesPerSecond');
      socket.close(closeCodes.tooMany, 'too many frames');
    }
    socket.on('message', count).on('ping', count);
  }

  /** Closes the socket later, unless the timer is cancelled or the socket closes before. */
  function closeAfter(socket: WebSocket, milliseconds: number, reason: string, before = () => {}) {
    if (milliseconds === Number.POSITIVE_INFINITY) return () => undefined;
    const cancel = after(milliseconds, () => {
      before();
      socket.close(closeCodes.unauthorized, reason);
    });
    socket.once('close', cancel);
    return cancel;
  }

  const sockets = new Set<WebSocket>();
  const services = new WeakSet<WebSocket>();
  /** Closes the socket when its session is over, which a newer token puts off. */
  function closeWhenOver(socket: WebSocket, session: Session) {
    const left = session.expiresAt + expiryMilliseconds - environment.now();
    if (left <= 0) return socket.close(closeCodes.unauthorized, 'token expired');
    const stop = () => {
      cancel();
      socket.off('close', stop);
    };
    const cancel = after(left, () => {
      stop();
      closeWhenOver(socket, session);
    });
    socket.once('close', stop);
  }

  const deadlines = new WeakMap<WebSocket, () => void>();
  wss.on('connection', (socket) => {
    const milliseconds = guard.limits.authSeconds * 1000;
    const noteLimit = () => guard.reached('authSeconds');
    deadlines.set(socket, closeAfter(socket, milliseconds, 'no valid token', noteLimit));
    countFrames(socket);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  async function createContext({
    info,
    req,
    res,
  }: CreateWSSContextFnOptions): Promise<CallContext> {
    const context = await logIn(parley, info.connectionParams?.['token'] ?? '');
    const { session } = context;
    if (!session) return context;
    if (res.readyState !== res.OPEN) return {};
    deadlines.get(res)?.();
    door.know(req.socket);
    closeWhenOver(res, session);
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
    if (!parley.connect(session, attendance)) {
      res.close(closeCodes.tooMany, 'too many connections of this user');
      return {};
    }
    if (session.role === 'service') services.add(res);
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
      return Array.from(sockets, (socket) => ({
        sendAway: () => socket.send(reconnectNotice),
      }));
    },
    // What is under way the adapter does not say; the log waits for all of it before it closes.
    finish: async () => {},
    close(code, reason) {
      for (const socket of sockets) socket.close(code, reason);
    },
    terminate() {
      for (const socket of sockets) socket.terminate();
    },
  };
}
