import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { ChatId, Message, MessageBody, MessageType } from '../schemas/message.ts';

export default defineEvent('messages:send', {
  summary: 'A user writes a message in a chat.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    queueable: true,
    data: z
      .strictObject({
        chatId: ChatId,
        message: MessageBody,
        type: MessageType.optional().describe(
          '`text` unless told; an `object` is JSON that the front end knows how to show.',
        ),
        visibility: z
          .enum(['all', 'agents'])
          .optional()
          .describe('`agents`: hidden from customers.'),
      })
      .refine(({ message, type = 'text' }) => (typeof message === 'string') === (type === 'text'), {
        path: ['type'],
        message: 'A text message is a string, an object message is an object.',
      }),
    reply: z.strictObject({ message: Message }),
    errors: ['FORBIDDEN', 'NOT_FOUND', 'CHAT_CLOSED'],
    example: { chatId: 'c_1', message: 'Hello' },
  },
});
