import chatsGet from '@parley/contract/events/chats-get';

import { seesHidden } from '../access/seeing.ts';
import { memberOf } from '../chat/lifecycle.ts';
import { placeOfMessage } from '../chat/messages.ts';
import { viewAssignment, viewChat, viewMember } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';
import { countUnread, loadHistory, loadMessage } from '../tables/messages.ts';

const usualLimit = 50;

export default defineHandler(chatsGet, async ({ data, session, chats, transaction, activity }) => {
  const { chatId, fields = '', before, limit = usualLimit } = data;
  const asked = new Set(fields.split(',').map((field) => field.trim()));
  const chat = await chats.load(chatId);
  const hidden = seesHidden(session.role);
  const userId = session.user.id;
  const users = chat.members.filter(({ as }) => as === 'member');
  const watchers = hidden ? chat.members.filter(({ as }) => as === 'watcher') : [];

  async function page() {
    const from = before === undefined ? undefined : await placeBefore(before);
    return loadHistory(transaction, chatId, { before: from, limit, seesHidden: hidden });
  }

  async function placeBefore(messageId: string) {
    const place = placeOfMessage(messageId);
    const found =
      place?.chatId === chatId ? await loadMessage(transaction, chatId, place.seq) : undefined;
    if (!place || !found || (found.message.visibility === 'agents' && !hidden))
      throw new EventError('NOT_FOUND');
    return { seq: place.seq, at: found.at };
  }

  const readSeq = memberOf(chat, userId)?.readSeq ?? 0;
  return {
    chat: {
      ...viewChat(chat),
      unread: await countUnread(transaction, chat, { userId, readSeq, seesHidden: hidden }),
      assignment: chat.assignment && viewAssignment(chat.assignment),
      activity: activity.of(chatId),
      users: asked.has('users') ? users.map(viewMember) : undefined,
      watchers: asked.has('watchers') ? watchers.map(viewMember) : undefined,
      history: asked.has('history') ? await page() : undefined,
    },
    cursor: String(transaction.head),
  };
});
