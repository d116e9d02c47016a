import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { label } from '../schemas/bounds.ts';
import { Chat } from '../schemas/chat.ts';
import { Lang, RoomName } from '../schemas/room.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('chats:create', {
  summary: 'A customer starts a chat in a room.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    queueable: true,
    data: z.strictObject({
      room: RoomName,
      source: label(64),
      lang: Lang.optional(),
      creator: UserId.optional(),
    }),
    reply: z.strictObject({ chat: Chat }),
    errors: ['FORBIDDEN', 'CHAT_EXISTS'],
    example: { room: 'sales', source: 'web', lang: 'en' },
  },
  listen: {
    audience: ['chat', 'room'],
    durable: true,
    data: z.strictObject({ chat: Chat }),
    example: {
      chat: {
        id: 'c_1',
        room: 'sales',
        source: 'web',
        status: 'waiting',
        customerId: 'u_ann',
        createdAt: new Date('2026-01-01T10:00:00Z'),
      },
    },
  },
});
