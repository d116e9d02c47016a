import usersChats from '@parley/contract/events/users-chats';

import { seesHidden } from '../access/seeing.ts';
import { memberOf } from '../chat/lifecycle.ts';
import { viewChat } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';
import { openChatsOf } from '../tables/chat-lists.ts';
import { countUnread } from '../tables/messages.ts';

export default defineHandler(usersChats, async ({ data, chats, transaction, actingUser }) => {
  const { id: userId, role } = await actingUser(data.userId);
  const ids = await openChatsOf(transaction, userId);
  const list = await Promise.all(ids.map((chatId) => chats.load(chatId)));
  return {
    chats: await Promise.all(
      list.map(async (chat) => {
        const readSeq = memberOf(chat, userId)?.readSeq ?? 0;
        const reader = { userId, readSeq, seesHidden: seesHidden(role) };
        return { ...viewChat(chat), unread: await countUnread(transaction, chat, reader) };
      }),
    ),
  };
});
