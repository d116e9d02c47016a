import chatsClose from '@parley/contract/events/chats-close';

import { mayActInChat } from '../access/seeing.ts';
import { closeChat } from '../chat/lifecycle.ts';
import { viewChat } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';

export default defineHandler(chatsClose, async ({ data, session, chats, actingUser }) => {
  const { chatId, reason, extraData } = data;
  const user = await actingUser(data.userId);
  return chats.route(chatId, (decision) => {
    if (!mayActInChat(session, decision.chat)) throw new EventError('FORBIDDEN');
    const usual = user.role === 'customer' ? 'customer-left' : 'resolved';
    const closed = closeChat(decision, { userId: user.id, reason: reason ?? usual, extraData });
    return { chat: viewChat(decision.chat), closed };
  });
});
