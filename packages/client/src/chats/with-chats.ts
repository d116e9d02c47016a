import type { ListenEventsShape, SendEventsShape } from '@parley/contract/wire';
import type { ListenEvents, SendEvents } from '@parley/contract/types';

import type { Events } from '../events.ts';
import { type Chats, createChats } from './chats.ts';

/**
 * Gives a client its chats. Functions to use instead of its own, such as a `send` that is logged, come second: a copy
 * of the client would not follow its `status` and `userId`.
 */
export function withChats<
  Send extends SendEvents & SendEventsShape<Send>,
  Listen extends ListenEvents & ListenEventsShape<Listen>,
>(
  client: Events<Send, Listen>,
  instead: Partial<Omit<Events<Send, Listen>, 'status' | 'userId'>> = {},
): Events<Send, Listen> & { readonly chats: Chats } {
  const events: Events<Send, Listen> = {
    ...client,
    ...instead,
    get status() {
      return client.status;
    },
    get userId() {
      return client.userId;
    },
  };
  return Object.assign(events, { chats: createChats(events) });
}
