import routingExplain from '@parley/contract/events/routing-explain';

import {
  considerationsOf,
  oneOf,
  pickAgent,
  surveyAgents,
  unknownAlgorithm,
} from '../chat/routing.ts';
import { defineHandler } from '../define-handler.ts';
import { within } from '../environment.ts';
import { EventError } from '../event-error.ts';

export default defineHandler(routingExplain, async ({ data, chats, settingsOf, environment }) => {
  const chat = await chats.load(data.chatId);
  if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
  const { algorithm: usual, pickTimeout } = settingsOf(chat.room);
  const algorithm = data.algorithm ?? usual;
  return chats.consider(chat, (decision) => {
    if (!decision.algorithms.has(algorithm)) throw unknownAlgorithm(decision.algorithms);
    const survey = surveyAgents(decision, chat.assignment?.tried ?? []);
    const { pool } = survey;
    if (!pool) return { considered: considerationsOf(survey, undefined) };
    const picking = Promise.resolve(pickAgent(decision, pool, algorithm)).catch(() => undefined);
    return async () => {
      const picked = await within(environment, pickTimeout * 1000, picking, () => undefined);
      const chosen = oneOf(pool, picked?.id);
      return { chosen: chosen.id, considered: considerationsOf(survey, chosen) };
    };
  });
});
