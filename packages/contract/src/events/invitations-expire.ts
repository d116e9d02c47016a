import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { InvitationId } from '../schemas/agent.ts';
import { ChatId } from '../schemas/message.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('invitations:expire', {
  summary: 'An invitation ended without an answer.',
  listen: {
    audience: ['user', 'agents'],
    durable: true,
    data: z.strictObject({
      invitationId: InvitationId,
      chatId: ChatId,
      userId: UserId,
      reason: z.enum(['timeout', 'agent-unavailable', 'chat-closed', 'taken', 'superseded']),
    }),
    example: { invitationId: 'i_1', chatId: 'c_1', userId: 'u_bob', reason: 'timeout' },
  },
});
