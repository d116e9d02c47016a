import messagesRead from '@parley/contract/events/messages-read';

import { seesHidden } from '../access/seeing.ts';
import { placeOfMessage, readUpTo } from '../chat/messages.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';
import { countUnread, loadMessage } from '../tables/messages.ts';

export default defineHandler(messagesRead, async ({ data, chats, transaction, actingUser }) => {
  const place = placeOfMessage(data.messageId);
  if (!place) throw new EventError('NOT_FOUND');
  const { chatId, seq } = place;
  const { id: userId, role } = await actingUser(data.userId);
  await chats.load(chatId);
  const hidden = seesHidden(role);
  const found = await loadMessage(transaction, chatId, seq);
  if (!found || (found.message.visibility === 'agents' && !hidden))
    throw new EventError('NOT_FOUND');
  const { readSeq, seq: newest } = await chats.change(chatId, (decision) => ({
    readSeq: readUpTo(decision, userId, found.message),
    seq: decision.chat.seq,
  }));
  const chat = { id: chatId, seq: newest };
  const unread = await countUnread(transaction, chat, { userId, readSeq, seesHidden: hidden });
  return { readSeq, unread };
});
