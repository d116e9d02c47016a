import type { ListenEvents } from '@parley/contract/types';

import type { NamedListeners } from './named-listeners.ts';

type Data<Name extends keyof ListenEvents> = ListenEvents[Name]['data'];

/** What can be listened to on a chat, and what its listeners get. */
export interface ChatEvents {
  'user:joined': Data<'chats:join'>;
  'user:left': Data<'chats:leave'>;
  /** What another user of the chat does now. Everybody's `writing` ends when one's own connection is lost. */
  'user:activity': Data<'users:activity'>;
  /** A message that was not sent with this chat object. */
  'message:received': Data<'messages:new'>;
  'message:read': Data<'messages:read'>;
  'chat:closed': Data<'chats:close'>;
  /** The user has left the chat or may not see it any more. Nothing is heard of it after that. */
  'chat:gone': { chatId: string };
  /** A supervisor, or an agent who is not its owner, takes part. */
  'chat:intervened': Data<'chats:join'>;
  /** Customers do not hear of the agents who are asked. */
  'agent:invited': Data<'chats:assign'>;
  'forever:alone': Data<'forever:alone'>;
  /** Something that can be read from the chat object may be different now. */
  'chat:changed': { chatId: string };
}

/** Tells something to the listeners of a chat. */
export type Emit = NamedListeners<ChatEvents>['emit'];
