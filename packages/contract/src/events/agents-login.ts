import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { Agent, Capacity } from '../schemas/agent.ts';
import { Lang, RoomName } from '../schemas/room.ts';

export default defineEvent('agents:login', {
  summary: 'An agent enters routing and can be invited.',
  send: {
    by: ['agent'],
    data: z.strictObject({
      rooms: z.array(RoomName).min(1).max(50),
      langs: z.array(Lang).max(50).optional(),
      capacity: Capacity.optional().describe('The most chats at a time; 5 unless told.'),
    }),
    reply: z.strictObject({ agent: Agent }),
    errors: ['FORBIDDEN'],
    example: { rooms: ['sales'], langs: ['en'], capacity: 5 },
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
