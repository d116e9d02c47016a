import type { ListenEventsShape, SendEventsShape } from '@parley/contract';
import type { ListenEvents, SendEvents } from '@parley/contract/types';

import type { Events } from '../events.ts';
import { type Chats, createChats } from './chats.ts';

/** Gives a client its chats. */
export function withChats<
  Send extends SendEvents & SendEventsShape<Send>,
  Listen extends ListenEvents & ListenEventsShape<Listen>,
>(client: Events<Send, Listen>): Events<Send, Listen> & { readonly chats: Chats } {
  return Object.assign(client, { chats: createChats(client) });
}
