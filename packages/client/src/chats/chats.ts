import type { SendEvents } from '@parley/contract/types';

import type { Chat } from './chat.ts';
import { type ChatList, createChatList, type ListOptions } from './chat-list.ts';
import type { Connection } from './connection.ts';
import { createChat } from './create-chat.ts';
import { fetchChat } from './fetch-chat.ts';
import { LiveChat } from './live-chat.ts';
import { OpeningChat } from './opening-chat.ts';
import { SharedListeners } from './shared-listeners.ts';

export interface OpenOptions {
  /** Its abort rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A user's chats. Every function works without `this`. */
export interface Chats {
  /** Creates a chat and opens it. Rejects with `CHAT_EXISTS` and the id of the customer's open chat when there is one. */
  create(chat: SendEvents['chats:create']['data'], options?: OpenOptions): Promise<Chat>;
  /** Opens a chat. One that is opened twice has two objects, to be disposed one by one. */
  open(chatId: string, options?: OpenOptions): Promise<Chat>;
  /** Opens all chats the user is in, now and later. Resolves when it is known which there are. */
  list(options?: ListOptions): Promise<ChatList>;
}

export function createChats(connection: Connection): Chats {
  const listeners = new SharedListeners(connection);

  async function openLive(chatId: string, { signal }: OpenOptions = {}): Promise<LiveChat> {
    const opening = new OpeningChat(chatId);
    listeners.add(opening);
    try {
      const fetched = await fetchChat(connection, chatId, { signal });
      const isHeard = listeners.hearFrom(fetched.cursor) <= fetched.cursor;
      const live = new LiveChat(
        connection,
        isHeard ? fetched : await fetchChat(connection, chatId, { signal }),
      );
      opening.passTo(live);
      follow(live);
      return live;
    } finally {
      listeners.delete(opening);
    }
  }

  function follow(live: LiveChat) {
    const { life } = live;
    if (life.aborted) return;
    listeners.add(live);
    life.addEventListener('abort', () => listeners.delete(live));
    connection.ended.addEventListener('abort', () => live.end(), { signal: life });
  }

  async function open(chatId: string, options?: OpenOptions) {
    return createChat(connection, await openLive(chatId, options));
  }

  return {
    open,
    async create(chat, options = {}) {
      const created = await connection.send('chats:create', chat, { signal: options.signal });
      return open(created.chat.id, options);
    },
    list: (options) => createChatList({ connection, open: openLive }, options),
  };
}
