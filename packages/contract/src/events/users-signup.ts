import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { User } from '../schemas/user.ts';

export default defineEvent('users:signup', {
  summary: 'A user was seen for the first time.',
  listen: {
    audience: ['supervisors'],
    durable: true,
    data: z.strictObject({ user: User }),
    example: { user: { id: 'u_ann', name: 'Ann', role: 'customer' } },
  },
});
