import messagesSend from '@parley/contract/events/messages-send';

import { writeMessage } from '../chat/messages.ts';
import { defineHandler } from '../define-handler.ts';

export default defineHandler(messagesSend, async (context) => {
  const { data, session, chats, transaction, activity } = context;
  const { chatId, message, type = 'text', visibility = 'all' } = data;
  const { user } = session;
  const written = await chats.change(chatId, (decision) =>
    writeMessage(decision, user, { message, type, visibility }),
  );
  transaction.afterCommit(() => activity.sent(chatId, user.id));
  return { message: written };
});
