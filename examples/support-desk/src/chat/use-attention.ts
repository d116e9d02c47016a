import { useEffect } from 'react';

import { type ChatState, unreadBy } from '../chat-state.ts';
import type { Connection } from '../connection.ts';

/** Tells the server what the user looks at: the chat, and so the newest message of others. */
export function useAttention(chat: ChatState, connection: Connection, isInView: boolean): void {
  const { user, tell } = connection;
  const { id: chatId } = chat;
  const newestUnread = unreadBy(chat, user.id).at(-1)?.id;

  useEffect(() => {
    if (isInView && newestUnread) tell('messages:read', { messageId: newestUnread });
  }, [isInView, newestUnread, tell]);

  useEffect(() => {
    if (!isInView) return;
    tell('user:focus', { chatId, focused: true });
    return () => tell('user:focus', { chatId, focused: false });
  }, [isInView, chatId, tell]);
}
