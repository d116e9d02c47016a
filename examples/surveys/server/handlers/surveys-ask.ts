import { defineHandler } from '@parley/server';

import surveysAsk from '../../contract/events/surveys-ask.ts';

export default defineHandler(surveysAsk, async ({ data, chats, publish }) => {
  const { chatId } = data;
  await chats.load(chatId);
  await publish(surveysAsk, data, { chat: chatId }, { chatId });
  return { asked: true };
});
