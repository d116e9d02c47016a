import chatsJoin from '@parley/contract/events/chats-join';

import { joinChat } from '../chat/joining.ts';
import { viewChat } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';

export default defineHandler(chatsJoin, async ({ data, chats, actingUser }) => {
  const { chatId, userId, as = 'member' } = data;
  const user = await actingUser(userId);
  return chats.route(
    chatId,
    (decision) => {
      const joined = joinChat(decision, user, as);
      return { chat: viewChat(decision.chat), joined };
    },
    user.id,
  );
});
