import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { AlgorithmName, AssignmentId, Consideration } from '../schemas/agent.ts';
import { count } from '../schemas/bounds.ts';
import { ChatId } from '../schemas/message.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('routing:decide', {
  summary: 'Routing picked an agent, or found none, and says why.',
  listen: {
    audience: ['supervisors'],
    durable: true,
    data: z.strictObject({
      chatId: ChatId,
      assignmentId: AssignmentId,
      attempt: count(),
      algorithm: AlgorithmName,
      chosen: UserId.optional(),
      considered: z.array(Consideration),
    }),
    example: {
      chatId: 'c_1',
      assignmentId: 'a_1',
      attempt: 1,
      algorithm: 'least-busy',
      chosen: 'u_bob',
      considered: [{ agentId: 'u_bob', verdict: 'chosen' }],
    },
  },
});
