import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { Agent } from '../schemas/agent.ts';

export default defineEvent('agents:logout', {
  summary: 'An agent leaves routing and is invited no more.',
  send: {
    by: ['agent'],
    data: z.strictObject({}),
    reply: z.strictObject({}),
    errors: ['FORBIDDEN'],
    example: {},
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
