import routingExplain from '@parley/contract/events/routing-explain';

import {
  considerationsOf,
  oneOf,
  pickAgent,
  surveyAgents,
  unknownAlgorithm,
} from '../chat/routing.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';

export default defineHandler(routingExplain, async ({ data, chats, settingsOf }) => {
  const chat = await chats.load(data.chatId);
  if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
  const algorithm = data.algorithm ?? settingsOf(chat.room).algorithm;
  return chats.consider(chat, async (decision) => {
    if (!decision.algorithms.has(algorithm)) throw unknownAlgorithm(decision.algorithms);
    const survey = surveyAgents(decision, chat.assignment?.tried ?? []);
    const { pool } = survey;
    const chosen = pool && oneOf(pool, (await pickAgent(decision, pool, algorithm)).id);
    return { chosen: chosen?.id, considered: considerationsOf(survey, chosen) };
  });
});
