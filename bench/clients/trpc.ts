import { createTRPCUntypedClient, createWSClient, wsLink } from '@trpc/client';
import superjson from 'superjson';

import type { Client, ClientOptions } from './client.ts';

/** tRPC's own client, without the proxy that only gives names a type. */
export default async function open({ url, token }: ClientOptions): Promise<Client> {
  const client = createWSClient({ url, connectionParams: { token } });
  const trpc = createTRPCUntypedClient({ links: [wsLink({ client, transformer: superjson })] });
  let stop = () => {};
  return {
    request: (chatId) => trpc.mutation('send.chats:get', { data: { chatId } }),
    listen: (onDelivery) =>
      new Promise((resolve, reject) => {
        const callbacks = { onStarted: () => resolve(), onData: onDelivery, onError: reject };
        const { unsubscribe } = trpc.subscription('listen.messages:new', {}, callbacks);
        stop = unsubscribe;
      }),
    unlisten: () => stop(),
  };
}
