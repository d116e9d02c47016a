import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { count } from '../schemas/bounds.ts';
import { ChatId } from '../schemas/message.ts';

export default defineEvent('queues:update', {
  summary: 'The place of a waiting chat in the queue of its room has changed.',
  listen: {
    audience: ['user', 'room'],
    durable: false,
    data: z.strictObject({
      chatId: ChatId,
      queuePosition: count().describe('People ahead; 0 is next.'),
      waiting: z
        .union([count(), z.literal('nobody-available')])
        .describe('How many chats wait in the room, or that no agent is there to take one.'),
    }),
    example: { chatId: 'c_1', queuePosition: 2, waiting: 5 },
  },
});
