import chatsToinbox from '@parley/contract/events/chats-toinbox';

import { mayActInChat } from '../access/seeing.ts';
import { queueChat } from '../chat/lifecycle.ts';
import { viewChat } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';

export default defineHandler(chatsToinbox, async ({ data, session, chats }) =>
  chats.route(data.chatId, (decision) => {
    const { chat } = decision;
    if (!mayActInChat(session, chat)) throw new EventError('FORBIDDEN');
    if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
    queueChat(decision, data.room ?? chat.room, 'sent');
    return { chat: viewChat(chat) };
  }),
);
