import invitationsAccept from '@parley/contract/events/invitations-accept';

import { acceptInvitation } from '../chat/assignment.ts';
import { viewChat } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';
import { loadInvitation } from '../tables/assignments.ts';

export default defineHandler(invitationsAccept, async ({ data, session, chats, transaction }) => {
  const invitation = await loadInvitation(transaction, data.invitationId);
  if (invitation?.agentId !== session.user.id) throw new EventError('NOT_FOUND');
  if (invitation.state === 'pending') {
    return chats.route(invitation.chatId, (decision) => {
      acceptInvitation(decision, session.user);
      return { chat: viewChat(decision.chat) };
    });
  }
  if (invitation.state === 'accepted')
    return { chat: viewChat(await chats.load(invitation.chatId)) };
  if (invitation.reason === 'taken') throw new EventError('CHAT_TAKEN');
  if (invitation.reason === 'chat-closed') throw new EventError('CHAT_CLOSED');
  throw new EventError('INVITATION_ENDED', { data: { state: invitation.state } });
});
