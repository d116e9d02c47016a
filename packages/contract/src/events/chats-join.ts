import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { Chat } from '../schemas/chat.ts';
import { ChatId } from '../schemas/message.ts';
import { ChatUser, UserId } from '../schemas/user.ts';

export default defineEvent('chats:join', {
  summary: 'A user joins a chat. An invited agent who joins accepts the invitation.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    data: z.strictObject({
      chatId: ChatId,
      userId: UserId.optional(),
      as: z
        .enum(['member', 'watcher'])
        .optional()
        .describe('A watcher sees the chat without taking part; supervisors only.'),
    }),
    reply: z.strictObject({
      chat: Chat,
      joined: z.boolean().describe('False when the user was in the chat already.'),
    }),
    errors: ['FORBIDDEN', 'NOT_FOUND', 'CHAT_CLOSED', 'CHAT_TAKEN', 'AT_CAPACITY'],
    example: { chatId: 'c_1', userId: 'u_bob' },
  },
  listen: {
    audience: ['chat', 'agents'],
    durable: true,
    data: z.strictObject({ chatId: ChatId, user: ChatUser }),
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
