import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { AssignmentId, InvitationId, InvitationPreview } from '../schemas/agent.ts';
import { count } from '../schemas/bounds.ts';
import { ChatId } from '../schemas/message.ts';

export default defineEvent('invitations:new', {
  summary: 'An agent is invited to take a chat.',
  listen: {
    audience: ['user'],
    durable: true,
    data: z.strictObject({
      invitationId: InvitationId,
      chatId: ChatId,
      assignmentId: AssignmentId,
      attempt: count(),
      expiresAt: z.date(),
      preview: InvitationPreview,
    }),
    example: {
      invitationId: 'i_1',
      chatId: 'c_1',
      assignmentId: 'a_1',
      attempt: 1,
      expiresAt: new Date('2026-01-01T10:01:00Z'),
      preview: {
        room: 'sales',
        source: 'web',
        customer: { id: 'u_ann', name: 'Ann' },
        message: 'Hello',
      },
    },
  },
});
