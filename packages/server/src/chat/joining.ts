import { EventError } from '../event-error.ts';
import { acceptInvitation, takeFromAssignment } from './assignment.ts';
import type { Decision } from './decision.ts';
import { addMember, memberOf, takeChat, takePart } from './lifecycle.ts';
import type { Member, UserRef } from './state.ts';

/**
 * Puts a user into the chat. An invited agent accepts the invitation; an agent who finds it without an owner takes it,
 * and one who finds another owner is too late.
 * False when the user was in it already.
 */
export function joinChat(decision: Decision, user: UserRef, as: Member['as']): boolean {
  const { chat } = decision;
  if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
  if (as === 'watcher' && user.role !== 'supervisor') throw new EventError('FORBIDDEN');
  if (user.role === 'agent' && chat.invitation?.agentId === user.id) {
    acceptInvitation(decision, user);
    return true;
  }
  const member = memberOf(chat, user.id);
  if (member?.as === 'watcher' && as === 'member') {
    takePart(decision, member);
    return true;
  }
  if (member) return false;
  if (user.role === 'agent') {
    if (chat.agentId !== undefined) throw new EventError('CHAT_TAKEN');
    const agent = decision.agents.get(user.id);
    if (agent && agent.load >= agent.capacity) throw new EventError('AT_CAPACITY');
    takeFromAssignment(decision, user);
    takeChat(decision, user);
    return true;
  }
  addMember(decision, user, as);
  return true;
}
