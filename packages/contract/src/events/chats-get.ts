import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { ChatView } from '../schemas/chat.ts';
import { ChatId, MessageId } from '../schemas/message.ts';

export default defineEvent('chats:get', {
  summary: 'Fetches a chat, with its users, watchers and history as asked.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    effect: 'none',
    queueable: true,
    data: z.strictObject({
      chatId: ChatId,
      fields: z
        .string()
        .max(64)
        .regex(
          /^(users|watchers|history)(\s*,\s*(users|watchers|history))*$/,
          'A comma-separated list out of users, watchers, history.',
        )
        .optional()
        .describe('Comma-separated out of users, watchers, history.'),
      before: MessageId.optional().describe('The page of history before this message.'),
      limit: z
        .number()
        .int()
        .min(1)
        .max(200)
        .optional()
        .describe('The most messages of history to return; 50 unless told.'),
    }),
    reply: z.strictObject({
      chat: ChatView,
      cursor: z
        .string()
        .describe(
          'Subscribing from here misses nothing of what came after, and repeats nothing of what is here.',
        ),
    }),
    errors: ['NOT_FOUND'],
    example: { chatId: 'c_1', fields: 'users,history' },
  },
});
