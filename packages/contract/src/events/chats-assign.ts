import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { UserName, AlgorithmName, AssignmentId } from '../schemas/agent.ts';
import { count } from '../schemas/bounds.ts';
import { ChatId } from '../schemas/message.ts';

export default defineEvent('chats:assign', {
  summary: 'A chat is offered to one agent after another until one accepts.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    queueable: true,
    data: z.strictObject({
      chatId: ChatId,
      algorithm: AlgorithmName.optional().describe(
        "How to select the agent, if not the room's default way.",
      ),
      maxAttempts: z
        .number()
        .int()
        .min(1)
        .max(20)
        .optional()
        .describe('The most jumps between agents before nobody counts as available.'),
      interval: z
        .number()
        .int()
        .min(5)
        .max(3600)
        .optional()
        .describe('How many seconds one invitation lasts.'),
    }),
    reply: z.strictObject({
      assignmentId: AssignmentId,
      state: z.enum(['inviting', 'failed']),
      agent: UserName.optional().describe('Not shown to customers before the agent accepts.'),
      attempt: count(),
      deadline: z.date(),
    }),
    errors: ['FORBIDDEN', 'NOT_FOUND', 'CHAT_CLOSED', 'ASSIGNMENT_RUNNING', 'UNKNOWN_ALGORITHM'],
    example: { chatId: 'c_1', algorithm: 'round-robin', maxAttempts: 3, interval: 30 },
  },
  listen: {
    audience: ['agents', 'room'],
    durable: true,
    data: z.strictObject({
      chatId: ChatId,
      assignmentId: AssignmentId,
      attempt: count(),
      maxAttempts: count(),
      agent: UserName.optional(),
      deadline: z.date().describe('When the assignment ends at the latest.'),
    }),
    example: {
      chatId: 'c_1',
      assignmentId: 'a_1',
      attempt: 1,
      maxAttempts: 3,
      agent: { id: 'u_bob', name: 'Bob' },
      deadline: new Date('2026-01-01T10:01:00Z'),
    },
  },
});
