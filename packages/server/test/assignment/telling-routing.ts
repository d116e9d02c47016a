import { eligibleAgents, reasonsAgainst } from './eligibility.ts';
import type { Model } from './model.ts';
import type { ModelAgent, ModelAssignment, ModelChat } from './model-state.ts';
import type { LoggedOccurrence } from './occurrence.ts';

type RoutingOccurrence = Extract<
  LoggedOccurrence,
  { name: 'routing:decide' | 'chats:assign' | 'forever:alone' }
>;
type Told<Name extends RoutingOccurrence['name']> = Extract<RoutingOccurrence, { name: Name }>;

export function tellDecision(model: Model, chat: ModelChat, occurrence: RoutingOccurrence): void {
  const { assignmentId } = occurrence.data;
  const end = chat.ended.get(assignmentId);
  if (end) return model.report('I4', `${occurrence.name} follows the end of ${assignmentId}`);
  const isNew = chat.assignment?.id !== assignmentId;
  const assignment =
    chat.assignment && !isNew
      ? chat.assignment
      : model.beginAssignment(chat, assignmentId, occurrence.at);
  switch (occurrence.name) {
    case 'routing:decide':
      return decide(model, chat, assignment, isNew, occurrence);
    case 'chats:assign':
      return assign(model, chat, assignment, occurrence);
    case 'forever:alone':
      return fail(model, chat, assignment, occurrence);
  }
}

function decide(
  model: Model,
  chat: ModelChat,
  assignment: ModelAssignment,
  isNew: boolean,
  { at, by, data }: Told<'routing:decide'>,
) {
  const { chosen, considered, algorithm, attempt } = data;
  const { tried } = assignment;
  if (chat.invitation) {
    model.report('I1', `${chat.id} is decided while ${chat.invitation.agentId} is invited`);
  }
  if (algorithm !== assignment.algorithm || attempt !== assignment.attempts + (chosen ? 1 : 0)) {
    model.report('choice', `attempt ${attempt} by ${algorithm} is not the next one`);
  }
  checkVerdicts(model, chat, { tried, at }, considered);
  const eligible = eligibleAgents(model, chat, { tried, at });
  if (chosen === undefined) {
    if (eligible.length > 0) model.report('choice', `nobody is chosen although ${names(eligible)}`);
    return;
  }
  if (eligible.length > 0) {
    const may = model.definition({ eligible, chat, at, model });
    if (!may.some(({ id }) => id === chosen)) {
      model.report('choice', `${algorithm} chose ${chosen} instead of ${names(may)}`);
    }
  }
  // Of a slow algorithm's choice it cannot be seen when it was asked, and who waited then. A chat that has just lost its
  // owner is looked after at once, whoever waits.
  const waited = chat.waitingSince < at;
  if (isNew && by === 'system' && !model.slow && waited) checkOldestFirst(model, chat, chosen, at);
  assignment.chosen = chosen;
}

const names = (agents: readonly ModelAgent[]) => agents.map(({ id }) => id).join(' or ');

const invariantOf = { tried: 'I5', 'at-capacity': 'I3' } as const;

function checkVerdicts(
  model: Model,
  chat: ModelChat,
  { tried, at }: { tried: readonly string[]; at: number },
  considered: Told<'routing:decide'>['data']['considered'],
) {
  const present = model.agentsOf(chat.room).map(({ id }) => id);
  const told = considered.map(({ agentId }) => agentId);
  if (told.toSorted().join() !== present.toSorted().join()) {
    model.report('choice', `considered ${told.join()} of ${present.join()}`);
  }
  for (const { agentId, verdict } of considered) {
    const agent = model.agents.get(agentId);
    if (!agent) continue;
    const reasons = reasonsAgainst(model, agent, chat, { tried, at });
    if (verdict === 'eligible' || verdict === 'chosen') {
      for (const reason of reasons) {
        const invariant =
          reason === 'tried' || reason === 'at-capacity' ? invariantOf[reason] : 'choice';
        model.report(invariant, `${agentId} is ${verdict} for ${chat.id} although ${reason}`);
      }
    } else if (!reasons.includes(verdict)) {
      model.report(
        'choice',
        `${agentId} is said to be ${verdict}, in truth ${reasons.join() || 'eligible'}`,
      );
    }
  }
}

/**
 * An assignment that starts by itself passes over no older chat that the agent could have taken. What begins to wait in
 * the same tick, or has a cool-down end in it, has no order, and some may have their turn later in it.
 */
function checkOldestFirst(model: Model, chat: ModelChat, chosen: string, at: number) {
  const agent = model.agents.get(chosen);
  if (!agent) return;
  for (const older of model.waited) {
    if (older.room !== chat.room || older === chat || !waitsForAgent(model, older)) continue;
    if (older.waitingSince >= chat.waitingSince) continue;
    if ((older.avoid.get(chosen) ?? 0) > model.settledAt) continue;
    if (reasonsAgainst(model, agent, older, { tried: [], at }).length > 0) continue;
    model.passedOver.set(older, `${chosen} is invited to ${chat.id}`);
  }
}

/** Whether routing has to find an agent for the chat without being asked again; not while its customer is gone. */
export function waitsForAgent(model: Model, chat: ModelChat): boolean {
  const { status, wantsAgent, assignment, customerId } = chat;
  return status === 'waiting' && wantsAgent && !assignment && model.isOnline(customerId);
}

function assign(
  model: Model,
  chat: ModelChat,
  assignment: ModelAssignment,
  { data }: Told<'chats:assign'>,
) {
  const { agent, maxAttempts, deadline, attempt } = data;
  if (agent?.id !== assignment.chosen) {
    model.report('I1', `${agent?.id} is told of for ${chat.id}, and ${assignment.chosen} chosen`);
  }
  const told = [maxAttempts, Date.parse(deadline), attempt];
  const known = [assignment.maxAttempts, assignment.deadline, assignment.attempts + 1];
  if (told.join() !== known.join()) {
    model.report('I6', `${assignment.id} says ${told.join()} and was asked for ${known.join()}`);
  }
}

function fail(
  model: Model,
  chat: ModelChat,
  assignment: ModelAssignment,
  { at, data }: Told<'forever:alone'>,
) {
  const { reason, attempts, next } = data;
  const { tried, deadline, interval, maxAttempts } = assignment;
  const { onForeverAlone, autoRetry } = model.policyOf(chat);
  if (chat.invitation) {
    model.report('I4', `${assignment.id} fails while ${chat.invitation.agentId} is invited`);
  }
  const isTrue = {
    'attempts-exhausted': assignment.attempts === maxAttempts,
    deadline: deadline - at < (interval * 1000) / 2,
    'no-candidates': tried.length === 0 && eligibleAgents(model, chat, { tried, at }).length === 0,
    'candidates-exhausted':
      tried.length > 0 && eligibleAgents(model, chat, { tried, at }).length === 0,
  };
  if (!isTrue[reason] || attempts !== tried.length) {
    model.report(
      'choice',
      `${assignment.id} fails for ${reason} after ${attempts}, which is not so`,
    );
  }
  if (at > Math.max(deadline, model.stepBegan)) {
    model.report('I6', `${assignment.id} fails ${at - deadline} ms after its deadline`);
  }
  const usual = onForeverAlone === 'close' ? 'closed' : 'waiting';
  const expected = chat.status === 'active' ? 'active' : usual;
  if (next !== expected)
    model.report('choice', `${chat.id} is said to be ${next} after ${expected}`);
  chat.wantsAgent = autoRetry && next === 'waiting';
  model.endAssignment(chat, 'failed');
}
