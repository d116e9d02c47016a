import * as z from 'zod';

import { startServer } from '../harness.ts';
import { valueIn } from './answer.ts';
import { Connection } from './connection.ts';
import type { Socket } from './sockets.ts';

export const ann = { sub: 'ann', role: 'customer' } as const;
export const dan = { sub: 'dan', role: 'customer' } as const;
export const backend = { sub: 'backend', role: 'service' } as const;

/** Ann in a chat of hers, and a back end, each with a connection without any client. */
export interface Desk extends AsyncDisposable {
  url: string;
  ann: Connection;
  backend: Connection;
  chatId: string;
  /** Writes into Ann's chat, as the back end. */
  write(message: string): Promise<void>;
}

/** What is asked all at once here would come one after the other from a client. */
const limits = { callsPerFrame: 0, inFlight: 0 };

/** Starts a server on a socket, with a desk. */
export async function startDesk(
  socket: Socket,
  options: Parameters<typeof startServer>[0] = {},
): Promise<Desk> {
  await using opened = new AsyncDisposableStack();
  const { url } = opened.use(await startServer({ socket, limits, ...options }));
  const customer = opened.use(await Connection.as(url, ann));
  const service = opened.use(await Connection.as(url, backend));
  const chatId = await createChat(customer);
  await service.sendEvent('users:chats', {});
  const kept = opened.move();
  return {
    url,
    ann: customer,
    backend: service,
    chatId,
    async write(message) {
      valueIn(await service.sendEvent('messages:send', { chatId, message }));
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A server on a socket, with Ann connected to it. */
export async function startWithAnn(
  socket: Socket,
  options: Parameters<typeof startServer>[0] = {},
) {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startServer({ socket, limits, ...options }));
  const connection = opened.use(await Connection.as(server.url, ann));
  const kept = opened.move();
  return { server, connection, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const Created = z.object({ chat: z.object({ id: z.string() }) });

/** The id of a new chat of the connection's user. */
export async function createChat(connection: Connection): Promise<string> {
  const answer = await connection.sendEvent('chats:create', { room: 'sales', source: 'web' });
  return Created.parse(valueIn(answer)).chat.id;
}
