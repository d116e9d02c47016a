import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { Chat, CloseReason, ExtraData } from '../schemas/chat.ts';
import { ChatId } from '../schemas/message.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('chats:close', {
  summary: 'A chat ends for good.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    queueable: true,
    data: z.strictObject({
      chatId: ChatId,
      userId: UserId.optional(),
      reason: CloseReason.optional(),
      extraData: ExtraData.optional(),
    }),
    reply: z.strictObject({
      chat: Chat,
      closed: z
        .boolean()
        .describe('False when the chat was closed already; its first reason and data stay.'),
    }),
    errors: ['FORBIDDEN', 'NOT_FOUND'],
    example: { chatId: 'c_1', userId: 'u_bob', reason: 'resolved' },
  },
  listen: {
    audience: ['chat', 'room'],
    durable: true,
    data: z.strictObject({
      chatId: ChatId,
      userId: UserId.describe('The user who closed it, or `system`.'),
      reason: CloseReason,
      extraData: ExtraData.optional(),
    }),
    example: { chatId: 'c_1', userId: 'u_bob', reason: 'resolved' },
  },
});
