import { missInvitation, settlePick, startAssignment, withdrawInvitation } from './assignment.ts';
import type { Decision } from './decision.ts';
import { closeChat, queueChat } from './lifecycle.ts';
import type { ChatState, RoomSettings } from './state.ts';

interface Deadline {
  at: number;
  meet(decision: Decision): void;
}

/** All that happens to a chat by time alone. Deadlines follow from the state, so none can be lost or outlive its cause. */
function deadlinesOf(chat: ChatState, settings: RoomSettings): Deadline[] {
  if (chat.status === 'closed') return [];
  const { invitation, assignment, waitingSince } = chat;
  const deadlines: Deadline[] = [];
  const add = (since: number | undefined, seconds: number, meet: Deadline['meet']) => {
    if (since !== undefined) deadlines.push({ at: since + seconds * 1000, meet });
  };
  add(invitation?.expiresAt, 0, missInvitation);
  add(invitation?.agentLostAt, settings.invitedAgentGrace, withdrawInvitation);
  add(assignment?.pickBy, 0, stopThinking);
  if (chat.status === 'active') {
    if (settings.onOwnerLost !== 'keep') add(chat.agentLostAt, settings.ownerGrace, loseOwner);
    const lastWritten = Math.max(chat.activeSince ?? waitingSince, chat.lastMessageAt ?? 0);
    if (settings.idleTimeout > 0) add(lastWritten, settings.idleTimeout, closeFor('inactivity'));
  } else {
    add(chat.customerLostAt, settings.customerGrace, closeFor('abandoned'));
    if (settings.waitTimeout > 0) add(waitingSince, settings.waitTimeout, closeFor('wait-timeout'));
  }
  if (chat.wantsAgent) for (const at of Object.values(chat.avoid)) add(at, 0, endCoolDown);
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

function stopThinking(decision: Decision) {
  const { assignment } = decision.chat;
  if (!assignment) return;
  settlePick(
    decision,
    { assignmentId: assignment.id, attempt: assignment.attempts + 1 },
    undefined,
  );
}

function loseOwner(decision: Decision) {
  const { chat, settings } = decision;
  if (settings.onOwnerLost === 'close') return closeFor('system')(decision);
  queueChat(decision, chat.room, 'agent-lost');
  if (settings.onOwnerLost === 'queue') chat.wantsAgent = false;
  else if (!chat.assignment) startAssignment(decision);
}

function closeFor(reason: 'abandoned' | 'inactivity' | 'wait-timeout' | 'system') {
  return (decision: Decision) => void closeChat(decision, { userId: 'system', reason });
}

function endCoolDown(decision: Decision) {
  const { chat, now } = decision;
  for (const [agentId, until] of Object.entries(chat.avoid)) {
    if (until <= now) delete chat.avoid[agentId];
  }
}

/** Whether it matters to the chat that the user has lost the last connection or is back, and is not noted yet. */
export function isPresenceNews(chat: ChatState, userId: string, online: boolean): boolean {
  const { agentId, agentLostAt, customerId, customerLostAt, invitation } = chat;
  const isNews = (lostAt: number | undefined) => online === (lostAt !== undefined);
  return (
    (userId === agentId && isNews(agentLostAt)) ||
    (userId === customerId && isNews(customerLostAt)) ||
    (userId === invitation?.agentId && isNews(invitation.agentLostAt))
  );
}

/** Notes that a user of the chat has lost the last connection, or is back. Deadlines follow from it. */
export function notePresence(decision: Decision, userId: string, online: boolean): void {
  const { chat, now } = decision;
  const lostAt = (before: number | undefined) => (online ? undefined : (before ?? now));
  if (userId === chat.agentId) chat.agentLostAt = lostAt(chat.agentLostAt);
  if (userId === chat.customerId) {
    chat.customerLostAt = lostAt(chat.customerLostAt);
  }
  if (chat.invitation && userId === chat.invitation.agentId) {
    chat.invitation.agentLostAt = lostAt(chat.invitation.agentLostAt);
  }
}

/**
 * Counts as lost whoever the chat depends on and has no connection: an owner or invited agent, or the customer whose own
 * send this is. It may have been on its way when the connection went.
 */
export function noteAbsences(decision: Decision, isOnline: (userId: string) => boolean): void {
  const { chat, now, by } = decision;
  const { agentId, customerId, invitation } = chat;
  if (chat.status === 'closed') return;
  if (agentId !== undefined && !isOnline(agentId)) chat.agentLostAt ??= now;
  if (invitation && !isOnline(invitation.agentId)) invitation.agentLostAt ??= now;
  if (by.id === customerId && !isOnline(customerId)) chat.customerLostAt ??= now;
}
