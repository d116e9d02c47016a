import type { ListenEvents } from '@parley/contract/types';

import { Listeners, type ListenersOptions } from '../listeners.ts';

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
  /** A supervisor, or an agent who is not its owner, takes part. */
  'chat:intervened': Data<'chats:join'>;
  /** Customers do not hear of the agents who are asked. */
  'agent:invited': Data<'chats:assign'>;
  'forever:alone': Data<'forever:alone'>;
  /** Something that can be read from the chat object may be different now. */
  'chat:changed': { chatId: string };
}

/** Tells something to the listeners of a chat. */
export type Emit = <Name extends keyof ChatEvents>(name: Name, data: ChatEvents[Name]) => void;

/** The listeners of one chat, by name. */
export class ChatListeners {
  readonly #byName: { [Name in keyof ChatEvents]: Listeners<[data: ChatEvents[Name]]> };

  constructor(options: ListenersOptions) {
    this.#byName = {
      'user:joined': new Listeners(options),
      'user:left': new Listeners(options),
      'user:activity': new Listeners(options),
      'message:received': new Listeners(options),
      'message:read': new Listeners(options),
      'chat:closed': new Listeners(options),
      'chat:intervened': new Listeners(options),
      'agent:invited': new Listeners(options),
      'forever:alone': new Listeners(options),
      'chat:changed': new Listeners(options),
    };
  }

  /** Adds the listener unless it is there, and returns what removes it. */
  add<Name extends keyof ChatEvents>(
    name: Name,
    listener: (data: ChatEvents[Name]) => void,
    signal?: AbortSignal,
  ): () => void {
    return this.#byName[name].add(listener, signal);
  }

  clear(): void {
    for (const listeners of Object.values(this.#byName)) listeners.clear();
  }

  readonly emit: Emit = (name, data) => this.#byName[name].call(data);
}
