import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { UserName, InvitationId } from '../schemas/agent.ts';
import { count } from '../schemas/bounds.ts';
import { Chat } from '../schemas/chat.ts';
import { ChatId } from '../schemas/message.ts';
import { UserId } from '../schemas/user.ts';

export default defineEvent('invitations:accept', {
  summary: 'An agent takes a chat.',
  send: {
    by: ['agent'],
    data: z.strictObject({ invitationId: InvitationId }),
    reply: z.strictObject({ chat: Chat }),
    errors: ['FORBIDDEN', 'NOT_FOUND', 'INVITATION_ENDED', 'CHAT_TAKEN', 'CHAT_CLOSED'],
    example: { invitationId: 'i_1' },
  },
  listen: {
    audience: ['chat', 'user'],
    durable: true,
    data: z.strictObject({
      invitationId: InvitationId,
      chatId: ChatId,
      userId: UserId,
      agent: UserName,
      waitedMs: count().describe('How long the customer waited for an agent, in milliseconds.'),
    }),
    example: {
      invitationId: 'i_1',
      chatId: 'c_1',
      userId: 'u_bob',
      agent: { id: 'u_bob', name: 'Bob' },
      waitedMs: 4200,
    },
  },
});
