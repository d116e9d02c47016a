import { ChatId, defineEvent } from '@parley/contract';
import * as z from 'zod';

export default defineEvent('surveys:ask', {
  summary: 'An agent asks the customer how the chat was.',
  send: {
    by: ['agent', 'supervisor', 'service'],
    data: z.strictObject({ chatId: ChatId, question: z.string().min(1).max(500) }),
    reply: z.strictObject({ asked: z.boolean() }),
    errors: ['FORBIDDEN', 'NOT_FOUND'],
    example: { chatId: 'c_1', question: 'Did we help you?' },
  },
  listen: {
    audience: ['chat'],
    durable: true,
    data: z.strictObject({ chatId: ChatId, question: z.string() }),
    example: { chatId: 'c_1', question: 'Did we help you?' },
  },
});
