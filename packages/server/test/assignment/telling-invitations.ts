import type { Model } from './model.ts';
import type { ModelChat, ModelInvitation } from './model-state.ts';
import type { LoggedOccurrence } from './occurrence.ts';

type InvitationOccurrence = Extract<LoggedOccurrence, { name: `invitations:${string}` }>;
type Told<Name extends InvitationOccurrence['name']> = Extract<
  InvitationOccurrence,
  { name: Name }
>;

/** After so many invitations missed in a row an agent is away. */
const missesUntilAway = 2;

export function tellInvitation(
  model: Model,
  chat: ModelChat,
  occurrence: InvitationOccurrence,
): void {
  switch (occurrence.name) {
    case 'invitations:new':
      return invite(model, chat, occurrence);
    case 'invitations:accept':
      return accept(model, chat, occurrence);
    case 'invitations:reject':
      return reject(model, chat, occurrence);
    case 'invitations:expire':
      return expire(model, chat, occurrence);
  }
}

function invite(model: Model, chat: ModelChat, { at, data }: Told<'invitations:new'>) {
  const { invitationId, assignmentId, attempt } = data;
  const { assignment } = chat;
  if (assignment?.id !== assignmentId || assignment.chosen === undefined) {
    return model.report('I4', `${invitationId} belongs to no running assignment of ${chat.id}`);
  }
  const agentId = assignment.chosen;
  assignment.chosen = undefined;
  if (chat.invitation) {
    model.report('I1', `${agentId} is invited to ${chat.id} beside ${chat.invitation.agentId}`);
  }
  if (assignment.tried.includes(agentId)) {
    model.report('I5', `${agentId} is invited twice in ${assignmentId}`);
  }
  const agent = model.agents.get(agentId);
  const load = model.loadOf(agentId);
  if (agent && load >= agent.capacity) {
    model.report('I3', `${agentId} is invited with ${load} of ${agent.capacity}`);
  }
  if (attempt !== assignment.attempts + 1 || attempt > assignment.maxAttempts) {
    model.report('I6', `attempt ${attempt} follows ${assignment.attempts} in ${assignmentId}`);
  }
  const expiresAt = Date.parse(data.expiresAt);
  const { interval, deadline } = assignment;
  if (expiresAt !== Math.min(at + interval * 1000, deadline) || expiresAt <= at) {
    model.report('I6', `${invitationId} is good for ${expiresAt - at} ms of ${interval} s`);
  }
  assignment.attempts = attempt;
  assignment.tried.push(agentId);
  chat.invitation = { id: invitationId, chatId: chat.id, agentId, expiresAt };
  model.noteInvited(agentId, chat.room, at);
}

/** Ends the pending invitation; undefined when it is another one. */
function end(
  model: Model,
  chat: ModelChat,
  { name, data }: Told<'invitations:reject'> | Told<'invitations:expire'>,
): ModelInvitation | undefined {
  const { invitation } = chat;
  if (invitation?.id !== data.invitationId || invitation.agentId !== data.userId) {
    model.report('I9', `${name} tells of ${data.invitationId}, which is not pending`);
    return undefined;
  }
  chat.invitation = undefined;
  return invitation;
}

function accept(model: Model, chat: ModelChat, { at, data }: Told<'invitations:accept'>) {
  const { invitationId, userId } = data;
  model.adoptAssignment(chat, 'accepted', at);
  if (!chat.assignment) {
    return model.report('I8', `${userId} accepts ${chat.id}, which is not being assigned`);
  }
  const agent = model.agents.get(userId);
  const load = model.loadOf(userId);
  if (chat.invitation?.id === invitationId) {
    if (chat.invitation.agentId !== userId) {
      model.report('I8', `${userId} accepts what ${chat.invitation.agentId} was invited to`);
    }
    if (agent) agent.misses = 0;
  } else {
    if (chat.invitation) {
      model.report('I8', `${userId} takes ${chat.id}: ${chat.invitation.agentId} is still invited`);
    }
    if (agent && load >= agent.capacity) {
      model.report('I3', `${userId} takes ${chat.id} with ${load} of ${agent.capacity}`);
    }
  }
  chat.invitation = undefined;
  chat.taker = userId;
  model.accepted.add(invitationId);
  model.endAssignment(chat, 'accepted');
}

function reject(model: Model, chat: ModelChat, occurrence: Told<'invitations:reject'>) {
  const invitation = end(model, chat, occurrence);
  if (!invitation) return;
  const agent = model.agents.get(invitation.agentId);
  if (agent) agent.misses = 0;
  avoid(model, chat, invitation.agentId, occurrence.at);
}

function expire(model: Model, chat: ModelChat, occurrence: Told<'invitations:expire'>) {
  const invitation = end(model, chat, occurrence);
  if (!invitation) return;
  const { at } = occurrence;
  const { agentId, expiresAt, lostAt } = invitation;
  switch (occurrence.data.reason) {
    case 'timeout':
      if (at !== Math.max(expiresAt, model.stepBegan)) {
        model.report('I9', `${invitation.id} ends ${at - expiresAt} ms after its time`);
      }
      avoid(model, chat, agentId, at);
      miss(model, agentId);
      return;
    case 'agent-unavailable': {
      const { invitedAgentGrace } = model.policyOf(chat);
      const due = lostAt === undefined ? undefined : lostAt + invitedAgentGrace * 1000;
      if (due === undefined || at !== Math.max(due, model.stepBegan)) {
        model.report('graces', `${agentId} is given up ${at - (due ?? at)} ms after the grace`);
      }
      if (chat.assignment) chat.assignment.attempts -= 1;
      return;
    }
    case 'chat-closed':
    case 'superseded':
      return model.endAssignment(chat, 'withdrawn');
    case 'taken':
      return;
  }
}

function miss(model: Model, agentId: string) {
  const agent = model.agents.get(agentId);
  if (!agent) return;
  agent.misses += 1;
  if (agent.misses >= missesUntilAway) agent.away = true;
}

function avoid(model: Model, chat: ModelChat, agentId: string, at: number) {
  chat.avoid.set(agentId, at + model.policyOf(chat).coolDown * 1000);
}
