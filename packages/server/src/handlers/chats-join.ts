import chatsJoin from '@parley/contract/events/chats-join';

import { joinChat } from '../chat/joining.ts';
import { viewChat } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';

export default defineHandler(chatsJoin, async ({ data, chats, actingUser }) => {
  const user = await actingUser(data.userId);
  return chats.route(data.chatId, (decision) => {
    const joined = joinChat(decision, user, data.as ?? 'member');
    return { chat: viewChat(decision.chat), joined };
  });
});
