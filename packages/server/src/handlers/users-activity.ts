import usersActivity from '@parley/contract/events/users-activity';

import { memberOf } from '../chat/lifecycle.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';

export default defineHandler(usersActivity, async (context) => {
  const { data, session, chats, transaction, activity, actingUser } = context;
  const { chatId, type } = data;
  const user = await actingUser(data.userId);
  const chat = await chats.load(chatId);
  if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
  if (memberOf(chat, user.id)?.as !== 'member') throw new EventError('FORBIDDEN');
  // After what was sent before it, which may have ended the activity before.
  transaction.afterCommit(() => activity.note(chatId, user, session.connectionId, type));
  return { success: true };
});
