import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { ChatId } from '../schemas/message.ts';
import { ActivityType, UserId } from '../schemas/user.ts';

export default defineEvent('users:activity', {
  summary: 'A user writes, pauses or stops writing in a chat.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    effect: 'ephemeral',
    data: z.strictObject({
      chatId: ChatId,
      userId: UserId.optional(),
      type: ActivityType.describe(
        'Repeat `writing` every 5 seconds while it lasts; the server ends it after 12.',
      ),
    }),
    reply: z.strictObject({ success: z.boolean() }),
    errors: ['FORBIDDEN', 'NOT_FOUND', 'CHAT_CLOSED'],
    example: { chatId: 'c_1', type: 'writing' },
  },
  listen: {
    audience: ['chat'],
    durable: false,
    data: z.strictObject({
      chatId: ChatId,
      userId: UserId,
      type: ActivityType,
      cause: z
        .enum(['expired', 'sent', 'disconnected', 'closed'])
        .optional()
        .describe('Why the server ended it.'),
    }),
    example: { chatId: 'c_1', userId: 'u_ann', type: 'writing' },
  },
});
