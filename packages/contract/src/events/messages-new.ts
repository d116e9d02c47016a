import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { Message } from '../schemas/message.ts';

export default defineEvent('messages:new', {
  summary: 'A message was written in a chat.',
  listen: {
    audience: ['chat', 'agents'],
    durable: true,
    data: z.strictObject({ message: Message }),
    example: {
      message: {
        id: 'c_1.2',
        chatId: 'c_1',
        seq: 2,
        sender: { id: 'u_ann', name: 'Ann', role: 'customer' },
        type: 'text',
        message: 'Hello',
        visibility: 'all',
        created: new Date('2026-01-01T10:00:05Z'),
      },
    },
  },
});
