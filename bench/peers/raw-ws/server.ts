import type { WebSocket } from 'ws';

import { ChatStore } from '../chat-store.ts';
import { listening, openWebSocketServer } from '../listening.ts';
import type { PeerServer } from '../servers.ts';

interface Call {
  id: number;
  method: 'request' | 'publish' | 'subscribe';
  chatId: string;
  message: string;
  after?: number;
}

/** What one writes by hand: JSON over ws, each occurrence encoded once and sent to each listener. */
export default async function start(): Promise<PeerServer> {
  const store = new ChatStore();
  const listeners = new Map<string, Set<WebSocket>>();
  const wss = openWebSocketServer();

  const encode = (content: unknown) => Buffer.from(JSON.stringify(content));

  function answer(socket: WebSocket, { id, method, chatId, message, after }: Call) {
    switch (method) {
      case 'request':
        socket.send(JSON.stringify({ id, result: { message: store.write(chatId, message) } }));
        return;
      case 'publish': {
        const occurrence = store.publish(chatId, message);
        const encoded = encode({ event: occurrence });
        for (const listener of listeners.get(chatId) ?? [])
          listener.send(encoded, { binary: false });
        socket.send(JSON.stringify({ id, result: occurrence.data }));
        return;
      }
      case 'subscribe': {
        const chat = listeners.get(chatId) ?? new Set();
        listeners.set(chatId, chat.add(socket));
        socket.once('close', () => chat.delete(socket));
        socket.send(JSON.stringify({ id, result: {} }));
        if (after === undefined) return;
        for (const occurrence of store.after(chatId, after)) {
          socket.send(encode({ event: occurrence }), { binary: false });
        }
      }
    }
  }

  wss.on('connection', (socket) =>
    socket.on('message', (content) => answer(socket, JSON.parse(String(content)))),
  );
  return listening(wss);
}
