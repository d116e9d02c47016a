import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { Agent } from '../schemas/agent.ts';
import { label } from '../schemas/bounds.ts';

export default defineEvent('agents:status', {
  summary: 'An agent is available or away.',
  send: {
    by: ['agent'],
    data: z.strictObject({ status: z.enum(['available', 'away']), reason: label(64).optional() }),
    reply: z.strictObject({ agent: Agent }),
    errors: ['FORBIDDEN', 'NOT_FOUND'],
    example: { status: 'away', reason: 'lunch' },
  },
  listen: {
    audience: ['room', 'user'],
    durable: false,
    data: z.strictObject({ agent: Agent }),
    example: {
      agent: {
        id: 'u_bob',
        name: 'Bob',
        rooms: ['sales'],
        langs: ['en'],
        capacity: 5,
        load: 0,
        status: 'available',
      },
    },
  },
});
