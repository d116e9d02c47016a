import type { ChatView } from '@parley/client';

import { type ChatState, chatState } from './chat-state.ts';

/** Something that changes one chat. What is durable has a position in the log. */
interface ChatChange {
  chatId: string;
  position?: number | undefined;
  apply(chat: ChatState): ChatState;
}

/** A user's chats, and what changed in a chat since it was asked for. */
export interface ChatsState {
  chats: Record<string, ChatState>;
  asked: Record<string, ChatChange[]>;
}

export type ChatsChange =
  | { kind: 'ask'; chatId: string }
  | { kind: 'fetch'; chat: ChatView; cursor: string }
  | ({ kind: 'change' } & ChatChange)
  | { kind: 'forget'; chatId: string };

export const noChats: ChatsState = { chats: {}, asked: {} };

export function changeChats({ chats, asked }: ChatsState, change: ChatsChange): ChatsState {
  switch (change.kind) {
    case 'ask':
      return { chats, asked: { ...asked, [change.chatId]: [] } };

    case 'fetch': {
      const { id } = change.chat;
      const { [id]: changes = [], ...others } = asked;
      const fetched = chatState(change.chat, chats[id]);
      const chat = changes
        .filter((each) => isAfter(each, change.cursor))
        .reduce((state, { apply }) => apply(state), fetched);
      return { chats: { ...chats, [id]: chat }, asked: others };
    }

    case 'change': {
      const { chatId, apply } = change;
      const chat = chats[chatId];
      const changes = asked[chatId];
      return {
        chats: chat ? { ...chats, [chatId]: apply(chat) } : chats,
        asked: changes ? { ...asked, [chatId]: [...changes, change] } : asked,
      };
    }

    case 'forget': {
      const { [change.chatId]: _, ...others } = chats;
      return { chats: others, asked };
    }
  }
}

/** Whether a change is later than what was fetched. What is not durable may be; its newest state holds. */
function isAfter({ position }: ChatChange, cursor: string): boolean {
  return position === undefined || position > Number(cursor);
}
