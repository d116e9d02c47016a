import chatsAssign from '@parley/contract/events/chats-assign';

import { mayActInChat } from '../access/seeing.ts';
import { startAssignment } from '../chat/assignment.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';

export default defineHandler(chatsAssign, async ({ data, session, chats }) => {
  const { chatId, ...options } = data;
  return chats.route(chatId, (decision) => {
    const { chat, agents } = decision;
    const mayAssign = mayActInChat(session, chat) || chat.status === 'waiting';
    if (!mayAssign) throw new EventError('FORBIDDEN');
    const { id: assignmentId, attempts: attempt, deadline } = startAssignment(decision, options);
    const invited = chat.invitation && agents.get(chat.invitation.agentId);
    return {
      assignmentId,
      state: chat.assignment ? 'inviting' : 'failed',
      agent:
        invited && session.role !== 'customer' ? { id: invited.id, name: invited.name } : undefined,
      attempt,
      deadline: new Date(deadline),
    };
  });
});
