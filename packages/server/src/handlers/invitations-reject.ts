import invitationsReject from '@parley/contract/events/invitations-reject';

import { rejectInvitation } from '../chat/assignment.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';
import { loadInvitation } from '../tables/assignments.ts';

export default defineHandler(invitationsReject, async ({ data, session, chats, transaction }) => {
  const invitation = await loadInvitation(transaction, data.invitationId);
  if (invitation?.agentId !== session.user.id) throw new EventError('NOT_FOUND');
  if (invitation.state === 'rejected') return { rejected: false };
  if (invitation.state !== 'pending') {
    throw new EventError('INVITATION_ENDED', { data: { state: invitation.state } });
  }
  await chats.route(invitation.chatId, (decision) => rejectInvitation(decision, data.reason));
  return { rejected: true };
});
