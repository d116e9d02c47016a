import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('users:presence', {
  summary: 'A user of the chat comes online or goes offline.',
  listen: {
    audience: ['chat'],
    durable: false,
    data: z.strictObject({ userId: UserId, online: z.boolean(), lastSeenAt: z.date() }),
    example: { userId: 'u_ann', online: true, lastSeenAt: new Date('2026-01-01T10:01:00Z') },
  },
});
