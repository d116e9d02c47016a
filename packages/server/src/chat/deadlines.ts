import { missInvitation, startAssignment, withdrawInvitation } from './assignment.ts';
import type { Decision } from './decision.ts';
import { closeChat, queueChat } from './lifecycle.ts';
import { isRoutable } from './routing.ts';
import type { ChatState, RoomSettings } from './state.ts';

interface Deadline {
  at: number;
  meet(decision: Decision): void;
}

/** All that happens to a chat by time alone. Deadlines follow from the state, so none can be lost or outlive its cause. */
function deadlinesOf(chat: ChatState, settings: RoomSettings): Deadline[] {
  if (chat.status === 'closed') return [];
  const { invitation, agentLostAt, customerLostAt } = chat;
  const deadlines: Deadline[] = [];
  if (invitation) {
    deadlines.push({ at: invitation.expiresAt, meet: missInvitation });
    if (invitation.agentLostAt !== undefined) {
      const at = invitation.agentLostAt + settings.invitedAgentGrace * 1000;
      deadlines.push({ at, meet: withdrawInvitation });
    }
  }
  if (chat.status === 'active' && agentLostAt !== undefined) {
    deadlines.push({ at: agentLostAt + settings.ownerGrace * 1000, meet: loseOwner });
  }
  if (chat.status === 'waiting' && customerLostAt !== undefined) {
    deadlines.push({ at: customerLostAt + settings.customerGrace * 1000, meet: abandon });
  }
  if (chat.wantsAgent) {
    for (const at of Object.values(chat.avoid)) deadlines.push({ at, meet: endCoolDown });
  }
  return deadlines;
}

/** When something happens to the chat next, if nobody does anything before. */
export function nextDeadline(chat: ChatState, settings: RoomSettings): number | undefined {
  const times = deadlinesOf(chat, settings).map(({ at }) => at);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Does what has come due, the oldest first. A chat with nothing due is left as it is. */
export function meetDeadlines(decision: Decision): void {
  const [due] = deadlinesOf(decision.chat, decision.settings)
    .filter(({ at }) => at <= decision.now)
    .toSorted((left, right) => left.at - right.at);
  due?.meet(decision);
}

function loseOwner(decision: Decision) {
  queueChat(decision, decision.chat.room, 'agent-lost');
  if (!decision.chat.assignment) startAssignment(decision);
}

function abandon(decision: Decision) {
  closeChat(decision, { userId: 'system', reason: 'abandoned' });
}

function endCoolDown(decision: Decision) {
  const { chat, now } = decision;
  for (const [agentId, until] of Object.entries(chat.avoid)) {
    if (until <= now) delete chat.avoid[agentId];
  }
  retryAssignment(decision);
}

/** Starts a new assignment for a chat that was left without an agent, as soon as there is somebody to take it. */
export function retryAssignment(decision: Decision): void {
  const { chat } = decision;
  if (chat.wantsAgent && !chat.assignment && chat.status === 'waiting' && isRoutable(decision)) {
    startAssignment(decision);
  }
}

/** Notes that a user of the chat has lost the last connection, or is back. Deadlines follow from it. */
export function notePresence(decision: Decision, userId: string, online: boolean): void {
  const { chat, now } = decision;
  const lostAt = (before: number | undefined) => (online ? undefined : (before ?? now));
  if (userId === chat.agentId) chat.agentLostAt = lostAt(chat.agentLostAt);
  if (userId === chat.customerId) chat.customerLostAt = lostAt(chat.customerLostAt);
  if (chat.invitation && userId === chat.invitation.agentId) {
    chat.invitation.agentLostAt = lostAt(chat.invitation.agentLostAt);
  }
}
