import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { ChatSummary } from '../schemas/chat.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('users:chats', {
  summary: "Lists a user's open chats.",
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    effect: 'none',
    queueable: true,
    data: z.strictObject({ userId: UserId.optional() }),
    reply: z.strictObject({ chats: z.array(ChatSummary) }),
    errors: ['FORBIDDEN'],
    example: {},
  },
});
