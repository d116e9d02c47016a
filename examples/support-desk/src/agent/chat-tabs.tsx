import type { Chat } from '@parley/client/chats';

import { nameOf } from '../name-of.ts';

export interface ChatTabsProps {
  chats: readonly Chat[];
  shownId: string;
  onChoose(chatId: string): void;
}

/** The agent's chats, with how much is unread in each. */
export function ChatTabs({ chats, shownId, onChoose }: ChatTabsProps) {
  return (
    <nav className="chat-tabs" aria-label="Chats">
      {chats.map((chat) => (
        <button
          key={chat.id}
          type="button"
          className={chat.status}
          aria-current={chat.id === shownId}
          onClick={() => onChoose(chat.id)}
        >
          {nameOf(chat, chat.customerId)}
          {chat.unread > 0 ? (
            <span className="count" aria-label={`${chat.unread} unread`}>
              {chat.unread}
            </span>
          ) : null}
        </button>
      ))}
    </nav>
  );
}
