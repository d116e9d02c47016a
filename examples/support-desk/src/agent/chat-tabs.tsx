import { type ChatState, nameOf, unreadBy } from '../chat-state.ts';

export interface ChatTabsProps {
  chats: ChatState[];
  shownId: string;
  userId: string;
  onChoose(chatId: string): void;
}

/** The agent's chats, with how much is unread in each. */
export function ChatTabs({ chats, shownId, userId, onChoose }: ChatTabsProps) {
  return (
    <nav className="chat-tabs" aria-label="Chats">
      {chats.map((chat) => {
        const unread = unreadBy(chat, userId).length;
        return (
          <button
            key={chat.id}
            type="button"
            className={chat.status}
            aria-current={chat.id === shownId}
            onClick={() => onChoose(chat.id)}
          >
            {nameOf(chat, chat.customerId)}
            {unread > 0 ? (
              <span className="count" aria-label={`${unread} unread`}>
                {unread}
              </span>
            ) : null}
          </button>
        );
      })}
    </nav>
  );
}
