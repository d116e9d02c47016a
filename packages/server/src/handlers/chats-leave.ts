import chatsLeave from '@parley/contract/events/chats-leave';

import { leaveChat } from '../chat/lifecycle.ts';
import { defineHandler } from '../define-handler.ts';

export default defineHandler(chatsLeave, async ({ data, chats, actingUser }) => {
  const user = await actingUser(data.userId);
  return chats.route(data.chatId, (decision) => ({ left: leaveChat(decision, user.id) }));
});
