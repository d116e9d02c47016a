import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { ChatId } from '../schemas/message.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('user:focus', {
  summary: 'A user looks at the view, or looks away.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    effect: 'ephemeral',
    data: z.strictObject({
      chatId: ChatId.optional().describe(
        'The chat in view; without one it is only a sign of life.',
      ),
      focused: z.boolean().optional(),
    }),
    reply: z.strictObject({ success: z.boolean() }),
    errors: ['NOT_FOUND'],
    example: { chatId: 'c_1', focused: true },
  },
  listen: {
    audience: ['agents'],
    durable: false,
    data: z.strictObject({
      chatId: ChatId,
      viewers: z.array(UserId).describe('Everybody who has the chat in view now.'),
    }),
    example: { chatId: 'c_1', viewers: ['u_ann'] },
  },
});
