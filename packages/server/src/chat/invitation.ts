import chatsAssign from '@parley/contract/events/chats-assign';
import invitationsAccept from '@parley/contract/events/invitations-accept';
import invitationsExpire from '@parley/contract/events/invitations-expire';
import invitationsNew from '@parley/contract/events/invitations-new';

import { createId } from '../environment.ts';
import { type Decision, type ListenData, occur } from './decision.ts';
import type { AgentState, Assignment, Invitation } from './state.ts';

type ExpireReason = ListenData<typeof invitationsExpire>['reason'];

/** Offers the chat to an agent, whose capacity it reserves. */
export function invite(
  decision: Decision,
  assignment: Assignment,
  agent: AgentState,
  attempt: number,
): void {
  const { chat, now, random, agents } = decision;
  const invitation: Invitation = {
    id: createId('i', random),
    chatId: chat.id,
    assignmentId: assignment.id,
    agentId: agent.id,
    attempt,
    createdAt: now,
    expiresAt: Math.min(now + assignment.interval * 1000, assignment.deadline),
    state: 'pending',
  };
  assignment.attempts = attempt;
  assignment.tried.push(agent.id);
  agent.load += 1;
  // Two invitations within one millisecond still have an order, which says who is idle for longer.
  const newest = Math.max(...Array.from(agents.values(), ({ lastInvitedAt }) => lastInvitedAt));
  agent.lastInvitedAt = Math.max(now, newest + 1);
  decision.lastInvited = agent.id;
  chat.invitation = invitation;
  const { id: assignmentId, maxAttempts } = assignment;
  occur(
    decision,
    chatsAssign,
    {
      chatId: chat.id,
      assignmentId,
      attempt,
      maxAttempts,
      agent: { id: agent.id, name: agent.name },
      deadline: new Date(assignment.deadline),
    },
    { agents: chat.id, room: chat.room },
  );
  const customer = chat.members.find(({ userId }) => userId === chat.customerId);
  occur(
    decision,
    invitationsNew,
    {
      invitationId: invitation.id,
      chatId: chat.id,
      assignmentId,
      attempt,
      expiresAt: new Date(invitation.expiresAt),
      preview: {
        room: chat.room,
        source: chat.source,
        lang: chat.lang,
        customer: { id: chat.customerId, name: customer?.name },
        message: chat.preview,
      },
    },
    { user: agent.id },
  );
}

/** Tells the chat and the agent who takes it. */
export function announceAcceptance(
  decision: Decision,
  invitation: Invitation,
  waitedMs: number,
  name: string | undefined,
) {
  const { id: invitationId, chatId, agentId } = invitation;
  occur(
    decision,
    invitationsAccept,
    { invitationId, chatId, userId: agentId, agent: { id: agentId, name }, waitedMs },
    { chat: chatId, user: agentId },
  );
}

/** Ends the pending invitation; the agent's reserved capacity is free again. */
export function endInvitation(
  decision: Decision,
  state: 'accepted' | 'rejected' | 'expired',
  reason?: string,
) {
  const { chat, now } = decision;
  const invitation = chat.invitation;
  if (!invitation) return undefined;
  Object.assign(invitation, { state, reason, endedAt: now });
  chat.invitation = undefined;
  decision.invitations.push(invitation);
  const agent = decision.agents.get(invitation.agentId);
  if (agent) agent.load -= 1;
  return invitation;
}

/** Ends the pending invitation without an answer. */
export function expireInvitation(decision: Decision, reason: ExpireReason): Invitation | undefined {
  const invitation = endInvitation(decision, 'expired', reason);
  if (!invitation) return undefined;
  const { id: invitationId, chatId, agentId: userId } = invitation;
  occur(
    decision,
    invitationsExpire,
    { invitationId, chatId, userId, reason },
    { user: userId, agents: chatId },
  );
  return invitation;
}

/** Ends the running assignment. */
export function endAssignment(decision: Decision, state: 'accepted' | 'failed' | 'withdrawn') {
  const { assignment } = decision.chat;
  if (!assignment) return;
  assignment.state = state;
  assignment.pickBy = undefined;
  decision.chat.assignment = undefined;
  decision.assignments.push(assignment);
}

/** Ends the running assignment because the chat closed or moved on. */
export function withdrawAssignment(decision: Decision, reason: 'chat-closed' | 'superseded'): void {
  expireInvitation(decision, reason);
  endAssignment(decision, 'withdrawn');
}
