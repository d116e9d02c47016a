import { EventEmitter, on } from 'node:events';

import { initTRPC, tracked } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import superjson from 'superjson';
import * as z from 'zod';

import { ChatStore, type Occurrence } from '../chat-store.ts';
import { listening, openWebSocketServer } from '../listening.ts';
import type { PeerServer } from '../servers.ts';

const Written = z.strictObject({ chatId: z.string(), message: z.string().max(8192) });
const Listening = z.object({ chatId: z.string(), lastEventId: z.string().nullish() });

/** tRPC as its documentation shows it: a generator per subscription, `tracked`, superjson. */
export default async function start(): Promise<PeerServer> {
  const store = new ChatStore();
  const published = new EventEmitter<Record<string, [Occurrence]>>().setMaxListeners(0);
  const { router, procedure } = initTRPC.create({ transformer: superjson, isDev: false });

  const appRouter = router({
    request: procedure
      .input(Written)
      .mutation(({ input }) => ({ message: store.write(input.chatId, input.message) })),
    publish: procedure.input(Written).mutation(({ input }) => {
      const occurrence = store.publish(input.chatId, input.message);
      published.emit(input.chatId, occurrence);
      return occurrence.data;
    }),
    listen: procedure.input(Listening).subscription(async function* ({ input, signal }) {
      const { chatId, lastEventId } = input;
      // Before the first await, so that nothing falls between what is replayed and what is live.
      const live = on(published, chatId, signal ? { signal } : {});
      for (const missed of lastEventId ? store.after(chatId, Number(lastEventId)) : []) {
        yield tracked(String(missed.position), missed);
      }
      for await (const [occurrence] of live as AsyncIterable<[Occurrence]>) {
        yield tracked(String(occurrence.position), occurrence);
      }
    }),
  });

  const wss = openWebSocketServer();
  applyWSSHandler({ wss, router: appRouter });
  return listening(wss);
}
