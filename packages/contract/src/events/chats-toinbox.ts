import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { Chat } from '../schemas/chat.ts';
import { ChatId } from '../schemas/message.ts';
import { RoomName } from '../schemas/room.ts';

export default defineEvent('chats:toinbox', {
  summary: "A chat goes back to a room's queue.",
  send: {
    by: ['agent', 'supervisor', 'service'],
    data: z.strictObject({ chatId: ChatId, room: RoomName.optional() }),
    reply: z.strictObject({ chat: Chat }),
    errors: ['FORBIDDEN', 'NOT_FOUND', 'CHAT_CLOSED'],
    example: { chatId: 'c_1', room: 'support' },
  },
  listen: {
    audience: ['chat', 'room'],
    durable: true,
    data: z.strictObject({
      chatId: ChatId,
      room: RoomName,
      reason: z.enum(['left', 'agent-lost', 'sent']),
    }),
    example: { chatId: 'c_1', room: 'support', reason: 'sent' },
  },
});
