import { EventPublisher, os, withEventMeta } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import * as z from 'zod';

import { ChatStore, type Occurrence } from '../chat-store.ts';
import { listening, openWebSocketServer } from '../listening.ts';
import type { PeerServer } from '../servers.ts';

const Written = z.strictObject({ chatId: z.string(), message: z.string().max(8192) });
const Listening = z.strictObject({ chatId: z.string() });

/** oRPC as its documentation shows it: an event iterator per subscription over its own publisher. */
export default async function start(): Promise<PeerServer> {
  const store = new ChatStore();
  const published = new EventPublisher<Record<string, Occurrence>>();

  const router = {
    request: os
      .input(Written)
      .handler(({ input }) => ({ message: store.write(input.chatId, input.message) })),
    publish: os.input(Written).handler(({ input }) => {
      const occurrence = store.publish(input.chatId, input.message);
      published.publish(input.chatId, occurrence);
      return occurrence.data;
    }),
    listen: os.input(Listening).handler(async function* ({ input, signal, lastEventId }) {
      const { chatId } = input;
      // Before the first await, so that nothing falls between what is replayed and what is live.
      const live = published.subscribe(chatId, { signal });
      for (const missed of lastEventId ? store.after(chatId, Number(lastEventId)) : []) {
        yield withEventMeta({ ...missed }, { id: String(missed.position) });
      }
      for await (const occurrence of live) {
        yield withEventMeta({ ...occurrence }, { id: String(occurrence.position) });
      }
    }),
  };

  const handler = new RPCHandler(router);
  const wss = openWebSocketServer();
  wss.on('connection', (socket) => void handler.upgrade(socket));
  return listening(wss);
}
