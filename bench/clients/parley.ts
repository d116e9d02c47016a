import { connect } from '@parley/client';

import type { Client, ClientOptions } from './client.ts';

/** Our client. */
export default async function open({ url, token }: ClientOptions): Promise<Client> {
  const events = connect({ url, token });
  return {
    request: (chatId) => events.send('chats:get', { chatId }),
    async listen(onDelivery) {
      events.subscribe('messages:new', onDelivery);
      // The server takes frames in their order, so the subscription is there when this has its reply.
      await events.send('users:chats', {});
    },
    unlisten: () => events.unsubscribe('messages:new'),
  };
}
