import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { AssignmentId } from '../schemas/agent.ts';
import { count } from '../schemas/bounds.ts';
import { ChatId } from '../schemas/message.ts';

export default defineEvent('forever:alone', {
  summary: 'An assignment ended without an agent.',
  listen: {
    audience: ['chat', 'room'],
    durable: true,
    data: z.strictObject({
      chatId: ChatId,
      assignmentId: AssignmentId,
      reason: z.enum(['no-candidates', 'candidates-exhausted', 'attempts-exhausted', 'deadline']),
      attempts: count().describe('How many agents were invited.'),
      next: z.enum(['waiting', 'active', 'closed']).describe('What becomes of the chat.'),
    }),
    example: {
      chatId: 'c_1',
      assignmentId: 'a_1',
      reason: 'candidates-exhausted',
      attempts: 2,
      next: 'waiting',
    },
  },
});
