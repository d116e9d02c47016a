import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { AlgorithmName, Consideration } from '../schemas/agent.ts';
import { ChatId } from '../schemas/message.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('routing:explain', {
  summary: 'Says which agent a chat would go to now, and why not to the others.',
  send: {
    by: ['supervisor', 'service'],
    effect: 'none',
    data: z.strictObject({ chatId: ChatId, algorithm: AlgorithmName.optional() }),
    reply: z.strictObject({
      chosen: UserId.optional(),
      considered: z.array(Consideration),
    }),
    errors: ['FORBIDDEN', 'NOT_FOUND', 'CHAT_CLOSED', 'UNKNOWN_ALGORITHM'],
    example: { chatId: 'c_1', algorithm: 'least-busy' },
  },
});
