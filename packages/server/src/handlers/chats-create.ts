import chatsCreate from '@parley/contract/events/chats-create';

import { startAssignment } from '../chat/assignment.ts';
import { newChat, openChat } from '../chat/lifecycle.ts';
import { viewChat } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';
import { createId } from '../environment.ts';
import { EventError } from '../event-error.ts';
import { openChatOfCustomer, previousAgentOf } from '../tables/chat-lists.ts';

export default defineHandler(chatsCreate, async (context) => {
  const { data, now, chats, environment, settingsOf, transaction } = context;
  const { room, source, lang } = data;
  const customer = await context.actingUser(data.creator);
  const settings = settingsOf(room);
  if (settings.oneChatPerCustomer) {
    const chatId = await openChatOfCustomer(transaction, customer.id);
    if (chatId !== undefined) throw new EventError('CHAT_EXISTS', { data: { chatId } });
  }
  const id = createId('c', environment.random);
  const previousAgentId = await previousAgentOf(transaction, customer.id);
  const chat = newChat({ id, room, source, lang, customer, previousAgentId, now });
  return chats.create(chat, (decision) => {
    openChat(decision);
    if (settings.assignOnCreate) startAssignment(decision);
    return { chat: viewChat(decision.chat) };
  });
});
