import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { InvitationId } from '../schemas/agent.ts';
import { label } from '../schemas/bounds.ts';
import { ChatId } from '../schemas/message.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('invitations:reject', {
  summary: 'An agent declines a chat; the next one is invited at once.',
  send: {
    by: ['agent'],
    data: z.strictObject({ invitationId: InvitationId, reason: label(64).optional() }),
    reply: z.strictObject({
      rejected: z.boolean().describe('False when this agent had rejected it already.'),
    }),
    errors: ['FORBIDDEN', 'NOT_FOUND', 'INVITATION_ENDED'],
    example: { invitationId: 'i_1', reason: 'busy' },
  },
  listen: {
    audience: ['user', 'agents'],
    durable: true,
    data: z.strictObject({
      invitationId: InvitationId,
      chatId: ChatId,
      userId: UserId,
      reason: label(64).optional(),
    }),
    example: { invitationId: 'i_1', chatId: 'c_1', userId: 'u_bob', reason: 'busy' },
  },
});
