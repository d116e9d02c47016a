import type { SendEvents } from '@parley/client';
import type { Chat } from '@parley/client/chats';
import { useEffect } from 'react';

import type { Client } from '../connection.ts';

/** Tells the server what the user looks at: the chat, and so its newest message. */
export function useAttention(chat: Chat, client: Client, isInView: boolean): void {
  const newestUnread = chat.unread > 0 ? chat.messages.at(-1)?.id : undefined;

  useEffect(() => {
    if (isInView && newestUnread) chat.readMessage(newestUnread).catch(() => undefined);
  }, [isInView, newestUnread, chat]);

  useEffect(() => {
    if (!isInView) return;
    const tell = (focus: SendEvents['user:focus']['data']) => {
      if (client.status.state === 'open') client.send('user:focus', focus).catch(() => undefined);
    };
    tell({ chatId: chat.id, focused: true });
    return () => tell({ chatId: chat.id, focused: false });
  }, [isInView, chat.id, client]);
}
