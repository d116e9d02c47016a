import * as z from 'zod';

import { defineEvent } from '../define-event.ts';

export default defineEvent('session:refresh', {
  summary: 'A connection goes on under a newer token of the same user.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    effect: 'ephemeral',
    data: z.strictObject({ token: z.string().min(1).max(16_384) }),
    reply: z.strictObject({
      expiresAt: z.date().describe('When the session ends unless it is refreshed again.'),
    }),
    errors: ['FORBIDDEN'],
    example: { token: 'eyJhbGciOi…' },
  },
});
