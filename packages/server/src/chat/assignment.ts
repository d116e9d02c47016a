import foreverAlone from '@parley/contract/events/forever-alone';
import invitationsReject from '@parley/contract/events/invitations-reject';
import routingDecide from '@parley/contract/events/routing-decide';

import { createId } from '../environment.ts';
import { EventError } from '../event-error.ts';
import { avoidAgent, noteMiss } from './agents.ts';
import { type Decision, type ListenData, occur, type Pick } from './decision.ts';
import {
  announceAcceptance,
  endAssignment,
  endInvitation,
  expireInvitation,
  invite,
} from './invitation.ts';
import { closeChat, takeChat } from './lifecycle.ts';
import {
  considerationsOf,
  oneOf,
  pickAgent,
  type Survey,
  surveyAgents,
  unknownAlgorithm,
} from './routing.ts';
import type { AgentState, Assignment, Invitation, UserRef } from './state.ts';

export interface AssignOptions {
  algorithm?: string | undefined;
  maxAttempts?: number | undefined;
  /** In seconds. */
  interval?: number | undefined;
}

type AloneReason = ListenData<typeof foreverAlone>['reason'];

/** Begins an assignment and invites the first agent. On an active chat it is a transfer: the owner stays until the next accepts. */
export function startAssignment(decision: Decision, options: AssignOptions = {}): Assignment {
  const { chat, now, random, settings, algorithms } = decision;
  const { algorithm = settings.algorithm, maxAttempts = settings.maxAttempts } = options;
  const { interval = settings.interval } = options;
  if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
  if (chat.assignment) {
    throw new EventError('ASSIGNMENT_RUNNING', { data: { assignmentId: chat.assignment.id } });
  }
  if (!algorithms.has(algorithm)) throw unknownAlgorithm(algorithms);
  const assignment: Assignment = {
    id: createId('a', random),
    chatId: chat.id,
    algorithm,
    maxAttempts,
    interval,
    attempts: 0,
    tried: [],
    startedAt: now,
    deadline: now + maxAttempts * interval * 1000,
    state: 'running',
  };
  chat.assignment = assignment;
  inviteNext(decision, assignment);
  return assignment;
}

/** One step of the loop: invites the next agent, or ends the assignment. The pool is evaluated fresh each time. */
function inviteNext(decision: Decision, assignment: Assignment): void {
  const { now, settings } = decision;
  if (assignment.attempts >= assignment.maxAttempts) {
    return failAssignment(decision, assignment, 'attempts-exhausted');
  }
  if (isTooLate(assignment, now)) return failAssignment(decision, assignment, 'deadline');
  const survey = surveyAgents(decision, assignment.tried);
  if (!survey.pool) return conclude(decision, assignment, survey, undefined);
  const picked = pickAgent(decision, survey.pool, assignment.algorithm);
  if (picked instanceof Promise) {
    assignment.pickBy = Math.min(now + settings.pickTimeout * 1000, assignment.deadline);
    decision.picks.push({ assignmentId: assignment.id, attempt: assignment.attempts + 1, picked });
    return;
  }
  conclude(decision, assignment, survey, picked);
}

/**
 * Ends the wait for a slow algorithm. Whom it picked is invited if that is still possible; otherwise, or when it picked
 * nobody in time, the default picks. Too late for the attempt it was asked for, it changes nothing.
 */
export function settlePick(
  decision: Decision,
  { assignmentId, attempt }: Omit<Pick, 'picked'>,
  agentId: string | undefined,
): void {
  const { assignment } = decision.chat;
  if (assignment?.id !== assignmentId || assignment.attempts + 1 !== attempt) return;
  if (assignment.pickBy === undefined) return;
  assignment.pickBy = undefined;
  if (isTooLate(assignment, decision.now)) {
    return failAssignment(decision, assignment, 'deadline');
  }
  const survey = surveyAgents(decision, assignment.tried);
  conclude(decision, assignment, survey, survey.pool && oneOf(survey.pool, agentId));
}

/** Whether so little time is left that nobody could answer any more. */
function isTooLate({ deadline, interval }: Assignment, now: number): boolean {
  return deadline - now < (interval * 1000) / 2;
}

/** Says what routing decided and why, and does it: invites the chosen agent, or ends the assignment for want of one. */
function conclude(
  decision: Decision,
  assignment: Assignment,
  survey: Survey,
  chosen: AgentState | undefined,
): void {
  const { id: assignmentId, chatId, algorithm, attempts, tried } = assignment;
  const attempt = chosen ? attempts + 1 : attempts;
  const considered = considerationsOf(survey, chosen);
  occur(
    decision,
    routingDecide,
    { chatId, assignmentId, attempt, algorithm, chosen: chosen?.id, considered },
    { supervisors: 'all' },
  );
  if (chosen) return invite(decision, assignment, chosen, attempt);
  const reason = tried.length === 0 ? 'no-candidates' : 'candidates-exhausted';
  failAssignment(decision, assignment, reason);
}

/** The invited agent takes the chat. */
export function acceptInvitation(decision: Decision, user: UserRef): void {
  const { now } = decision;
  const invitation = endInvitation(decision, 'accepted');
  if (!invitation) return;
  const waitingSince = waitBegan(decision);
  endAssignment(decision, 'accepted');
  const agent = decision.agents.get(invitation.agentId);
  if (agent) agent.misses = 0;
  announceAcceptance(decision, invitation, now - waitingSince, user.name);
  takeChat(decision, user);
}

/** An agent who was not invited takes a chat that is being assigned: the pending invitation ends, and the assignment with it. */
export function takeFromAssignment(decision: Decision, user: UserRef): void {
  const { chat, now, random } = decision;
  const { assignment } = chat;
  if (!assignment) return;
  const waitingSince = waitBegan(decision);
  expireInvitation(decision, 'taken');
  endAssignment(decision, 'accepted');
  const invitation: Invitation = {
    id: createId('i', random),
    chatId: chat.id,
    assignmentId: assignment.id,
    agentId: user.id,
    attempt: assignment.attempts,
    createdAt: now,
    expiresAt: now,
    state: 'accepted',
    endedAt: now,
  };
  decision.invitations.push(invitation);
  announceAcceptance(decision, invitation, now - waitingSince, user.name);
}

/** Since when the customer waits for somebody; on a transfer since it was asked for. */
function waitBegan({ chat }: Decision): number {
  const transfer = chat.status === 'active' ? chat.assignment : undefined;
  return transfer?.startedAt ?? chat.waitingSince;
}

/** The invited agent declines, and the next one is invited at once. */
export function rejectInvitation(decision: Decision, reason?: string): void {
  const { assignment } = decision.chat;
  const invitation = endInvitation(decision, 'rejected', reason);
  if (!invitation || !assignment) return;
  const { id: invitationId, chatId, agentId: userId } = invitation;
  avoidAgent(decision, userId);
  const agent = decision.agents.get(userId);
  if (agent) agent.misses = 0;
  occur(
    decision,
    invitationsReject,
    { invitationId, chatId, userId, reason },
    { user: userId, agents: chatId },
  );
  inviteNext(decision, assignment);
}

/** The invited agent did not answer in time, and the next one is invited. */
export function missInvitation(decision: Decision): void {
  const { assignment } = decision.chat;
  const invitation = expireInvitation(decision, 'timeout');
  if (!invitation || !assignment) return;
  noteMiss(decision, invitation.agentId);
  inviteNext(decision, assignment);
}

/** The invited agent cannot answer any more: the attempt is given back, and the next one is invited. */
export function withdrawInvitation(decision: Decision): void {
  const { assignment } = decision.chat;
  const invitation = expireInvitation(decision, 'agent-unavailable');
  if (!invitation || !assignment) return;
  assignment.attempts -= 1;
  inviteNext(decision, assignment);
}

function failAssignment(decision: Decision, assignment: Assignment, reason: AloneReason): void {
  const { chat, settings } = decision;
  endAssignment(decision, 'failed');
  const transfer = chat.status === 'active';
  const closes = !transfer && settings.onForeverAlone === 'close';
  chat.wantsAgent = settings.autoRetry && !transfer && !closes;
  const next = transfer ? 'active' : closes ? 'closed' : 'waiting';
  occur(
    decision,
    foreverAlone,
    {
      chatId: chat.id,
      assignmentId: assignment.id,
      reason,
      attempts: assignment.tried.length,
      next,
    },
    { chat: chat.id, room: chat.room },
  );
  if (closes) closeChat(decision, { userId: 'system', reason: 'no-agent' });
}
