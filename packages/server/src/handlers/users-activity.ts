import usersActivity from '@parley/contract/events/users-activity';

import { memberOf } from '../chat/lifecycle.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';

export default defineHandler(
  usersActivity,
  async ({ data, session, chats, activity, actingUser }) => {
    const user = await actingUser(data.userId);
    const chat = await chats.load(data.chatId);
    if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
    if (memberOf(chat, user.id)?.as !== 'member') throw new EventError('FORBIDDEN');
    activity.note(chat.id, user, session.connectionId, data.type);
    return { success: true };
  },
);
