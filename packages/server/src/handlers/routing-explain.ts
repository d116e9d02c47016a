import routingExplain from '@parley/contract/events/routing-explain';

import { routeChat } from '../chat/routing.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';

export default defineHandler(routingExplain, async (context) => {
  const { data, chats, settingsOf } = context;
  const chat = await chats.load(data.chatId);
  if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
  const algorithm = data.algorithm ?? settingsOf(chat.room).algorithm;
  const tried = chat.assignment?.tried ?? [];
  const { chosen, considered } = await chats.consider(chat, (decision) =>
    routeChat(decision, algorithm, tried),
  );
  return { chosen: chosen?.id, considered };
});
