import { defineHandler, EventError, mayActInChat } from '@parley/server';

import surveysAsk from '../../contract/events/surveys-ask.ts';

export default defineHandler(surveysAsk, async ({ data, session, chats, publish }) => {
  const { chatId } = data;
  const chat = await chats.load(chatId);
  if (!mayActInChat(session, chat)) throw new EventError('FORBIDDEN');
  await publish(surveysAsk, data, { chat: chatId }, { chatId });
  return { asked: true };
});
