import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Server } from 'socket.io';

import { ChatStore, type Message } from '../chat-store.ts';
import type { PeerServer } from '../servers.ts';

interface Written {
  chatId: string;
  message: string;
}
interface Listening {
  chatId: string;
  after?: number;
}
type Answer = (reply: { message: Message }) => void;

/** Socket.IO over WebSocket only: rooms and acknowledgements. */
export default async function start(): Promise<PeerServer> {
  const store = new ChatStore();
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  io.on('connection', (socket) => {
    socket.on('request', ({ chatId, message }: Written, answer: Answer) =>
      answer({ message: store.write(chatId, message) }),
    );
    socket.on('publish', ({ chatId, message }: Written, answer: Answer) => {
      const occurrence = store.publish(chatId, message);
      io.to(chatId).emit('messages:new', occurrence);
      answer(occurrence.data);
    });
    socket.on('subscribe', async ({ chatId, after }: Listening, answer: () => void) => {
      await socket.join(chatId);
      answer();
      if (after === undefined) return;
      for (const missed of store.after(chatId, after)) socket.emit('messages:new', missed);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  // The address of a server that listens on a port is never a pipe's name.
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    async close() {
      await io.close();
    },
  };
}
