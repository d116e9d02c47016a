import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { label } from '../schemas/bounds.ts';
import { ChatId } from '../schemas/message.ts';
import { ChatUser, UserId } from '../schemas/user.ts';

export default defineEvent('chats:leave', {
  summary: 'A user leaves a chat. An owner who leaves hands the chat back to the queue.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    queueable: true,
    data: z.strictObject({ chatId: ChatId, userId: UserId.optional() }),
    reply: z.strictObject({
      left: z.boolean().describe('False when the user was not in the chat.'),
    }),
    errors: ['FORBIDDEN', 'NOT_FOUND', 'CHAT_CLOSED'],
    example: { chatId: 'c_1' },
  },
  listen: {
    audience: ['chat', 'agents'],
    durable: true,
    data: z.strictObject({ chatId: ChatId, user: ChatUser, reason: label(64).optional() }),
    example: {
      chatId: 'c_1',
      user: {
        id: 'u_bob',
        name: 'Bob',
        role: 'agent',
        as: 'member',
        joinedAt: new Date('2026-01-01T10:00:20Z'),
        readSeq: 0,
      },
    },
  },
});
