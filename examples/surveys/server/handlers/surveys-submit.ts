import { defineHandler, EventError } from '@parley/server';

import { COMMENT_MISSING } from '../../contract/errors.ts';
import surveysSubmit from '../../contract/events/surveys-submit.ts';

/** Who gives so many stars or fewer has to say why. */
const fewStars = 2;

export default defineHandler(surveysSubmit, async ({ data, session, chats, publish }) => {
  const { chatId, stars, comment } = data;
  await chats.load(chatId);
  if (stars <= fewStars && comment === undefined) throw new EventError(COMMENT_MISSING);
  const userId = session.user.id;
  await publish(surveysSubmit, { ...data, userId }, { agents: chatId }, { chatId });
  return { accepted: true };
});
