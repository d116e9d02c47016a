import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { count } from '../schemas/bounds.ts';
import { ChatId, MessageId } from '../schemas/message.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('messages:read', {
  summary: 'A user has read a chat up to a message.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    queueable: true,
    data: z.strictObject({ messageId: MessageId, userId: UserId.optional() }),
    reply: z.strictObject({
      readSeq: z
        .number()
        .int()
        .describe('The seq up to which everything is read. It never moves back.'),
      unread: count(),
    }),
    errors: ['FORBIDDEN', 'NOT_FOUND'],
    example: { messageId: 'c_1.2' },
  },
  listen: {
    audience: ['chat', 'agents', 'user'],
    durable: true,
    data: z.strictObject({
      chatId: ChatId,
      userId: UserId,
      messageId: MessageId,
      readSeq: z.number().int(),
    }),
    example: { chatId: 'c_1', userId: 'u_ann', messageId: 'c_1.2', readSeq: 2 },
  },
});
