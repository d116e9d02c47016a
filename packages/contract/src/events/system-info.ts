import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { ExtraData } from '../schemas/chat.ts';
import { ChatId } from '../schemas/message.ts';

export default defineEvent('system:info', {
  summary: 'Something a back end tells a user or the members of a chat.',
  listen: {
    audience: ['user', 'chat'],
    durable: true,
    data: z.strictObject({ chatId: ChatId.optional(), data: ExtraData }),
    example: { chatId: 'c_1', data: { notice: 'We close in ten minutes.' } },
  },
});
