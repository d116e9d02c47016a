import type { ListenEvents, SendEvents } from '@parley/contract/types';

import type { Events } from '../events.ts';

/** What chats need of a client. One with a team's own events beside the core's has it, too. */
export type Connection = Pick<
  Events<SendEvents, ListenEvents>,
  'send' | 'subscribe' | 'status' | 'onStatus' | 'userId' | 'ended' | 'environment'
>;
