import { ChatId, defineEvent, UserId } from '@parley/contract';
import * as z from 'zod';

import { COMMENT_MISSING } from '../errors.ts';

const Answer = z.strictObject({
  chatId: ChatId,
  stars: z.number().int().min(1).max(5),
  comment: z.string().min(1).max(2000).optional(),
});

export default defineEvent('surveys:submit', {
  summary: 'A customer says how the chat was.',
  send: {
    by: ['customer'],
    data: Answer,
    reply: z.strictObject({ accepted: z.boolean() }),
    errors: ['FORBIDDEN', 'NOT_FOUND', COMMENT_MISSING],
    example: { chatId: 'c_1', stars: 5 },
  },
  listen: {
    audience: ['agents'],
    durable: true,
    data: Answer.extend({ userId: UserId }),
    example: { chatId: 'c_1', userId: 'u_ann', stars: 5 },
  },
});
