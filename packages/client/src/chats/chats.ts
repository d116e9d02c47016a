import type { SendEvents } from '@parley/contract/types';

import type { Chat } from './chat.ts';
import type { Connection } from './connection.ts';
import { createChat } from './create-chat.ts';
import { fetchChat } from './fetch-chat.ts';
import { LiveChat } from './live-chat.ts';
import { OpeningChat } from './opening-chat.ts';
import { sendPersistently } from './send-persistently.ts';
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
}

export function createChats(connection: Connection): Chats {
  const listeners = new SharedListeners(connection);

  async function open(chatId: string, { signal }: OpenOptions = {}): Promise<Chat> {
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
      return follow(live);
    } finally {
      listeners.delete(opening);
    }
  }

  function follow(live: LiveChat): Chat {
    const dispose = () => {
      if (listeners.delete(live)) live.end();
    };
    listeners.add(live);
    connection.ended.addEventListener('abort', dispose, { signal: live.life });
    return createChat(connection, live, dispose);
  }

  return {
    open,
    async create(chat, options = {}) {
      const created = await sendPersistently(connection, 'chats:create', chat, options.signal);
      return open(created.chat.id, options);
    },
  };
}
