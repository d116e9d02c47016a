import { eligibleAgents } from './eligibility.ts';
import type { Model } from './model.ts';
import type { ModelChat } from './model-state.ts';
import type { Observation } from './observation.ts';
import { waitsForAgent } from './telling-routing.ts';

/** What has to be true whenever the server has nothing left to do at the moment. */
export function checkSettled(model: Model, rows: Observation, now: number): void {
  for (const chat of model.chats.values()) {
    model.adoptAssignment(chat, 'running', now);
    checkTimes(model, chat, now);
    checkWaiting(model, chat, now);
  }
  for (const [chat, instead] of model.passedOver) {
    if (waitsForAgent(model, chat)) model.report('I7', `${instead} and ${chat.id} waits on`);
  }
  model.passedOver.clear();
  model.settledAt = now;
  model.waited = [...model.chats.values()].filter((chat) => waitsForAgent(model, chat));
  checkChats(model, rows);
  checkAssignments(model, rows);
  checkAgents(model, rows);
}

/** A place that a slow algorithm is about to fill is not free. */
function checkWaiting(model: Model, chat: ModelChat, now: number) {
  if (!waitsForAgent(model, chat)) return;
  const eligible = eligibleAgents(model, chat, { tried: [], at: now });
  const thoughts = model.thoughtsIn(chat.room);
  const places = model
    .agentsOf(chat.room)
    .filter(({ id, away }) => model.isOnline(id) && !away)
    .map(({ id, capacity }) => Math.max(0, capacity - model.loadOf(id)));
  const free = places.reduce((sum, each) => sum + each, 0);
  if (eligible.length > 0 && free > thoughts) {
    model.report(
      'I7',
      `${chat.id} waits although ${eligible.map(({ id }) => id).join()} could come`,
    );
  }
}

function checkTimes(model: Model, chat: ModelChat, now: number) {
  const { assignment, invitation, owner, status, customerId, ownedSince = 0 } = chat;
  const { invitedAgentGrace, ownerGrace, onOwnerLost, customerGrace } = model.policyOf(chat);
  const isOver = (since: number | undefined, seconds: number) =>
    since !== undefined && since + seconds * 1000 <= now;
  if (assignment && assignment.deadline <= now) {
    model.report('I6', `${assignment.id} runs ${now - assignment.deadline} ms past its deadline`);
  }
  if (invitation && invitation.expiresAt <= now) {
    model.report('I9', `${invitation.id} is pending ${now - invitation.expiresAt} ms too long`);
  }
  if (invitation && isOver(invitation.lostAt, invitedAgentGrace)) {
    model.report('graces', `${invitation.agentId} is lost and still invited to ${chat.id}`);
  }
  const customerLostAt = model.lostAt(customerId);
  if (status === 'waiting' && isOver(customerLostAt, customerGrace)) {
    model.report('graces', `${chat.id} waits without its customer`);
  }
  const ownerLostAt = owner === undefined ? undefined : model.lostAt(owner);
  if (status !== 'active' || ownerLostAt === undefined || onOwnerLost === 'keep') return;
  if (isOver(Math.max(ownerLostAt, ownedSince), ownerGrace)) {
    model.report('graces', `${chat.id} stays with ${owner}, who is lost`);
  }
}

function checkChats(model: Model, { chats, members }: Observation) {
  const found = new Set(chats.map(({ id }) => id));
  for (const id of model.chats.keys()) {
    if (!found.has(id)) model.report('rows', `there is no row of ${id}`);
  }
  const agents = new Map<string, string[]>();
  for (const { chat_id, user_id } of members) {
    agents.set(chat_id, [...(agents.get(chat_id) ?? []), user_id]);
  }
  for (const row of chats) {
    const chat = model.chats.get(row.id);
    if (!chat) {
      model.report('rows', `nothing tells of ${row.id}`);
      continue;
    }
    const inside = agents.get(row.id) ?? [];
    if (inside.length > 1) model.report('I2', `${inside.join()} are in ${row.id}`);
    const { room, status, owner, seq, assignment, invitation } = chat;
    if (row.assignment_id !== (assignment?.id ?? null)) {
      model.report('I4', `${row.id} has ${row.assignment_id}, and the log ${assignment?.id}`);
    }
    if (row.invitation_id !== (invitation?.id ?? null)) {
      model.report('I1', `${row.id} has ${row.invitation_id}, and the log ${invitation?.id}`);
    }
    if (row.agent_id !== (owner ?? null)) {
      model.report('I2', `${row.id} has ${row.agent_id}, and the log ${owner}`);
    }
    const wants = status === 'waiting' && !assignment ? chat.wantsAgent : row.wants_agent === 1;
    const written = [row.room, row.status, row.seq, row.wants_agent === 1, inside.join()];
    const told = [room, status, seq, wants, [...chat.agents].join()];
    if (written.join(' ') !== told.join(' ')) {
      model.report('rows', `${row.id} is ${written.join(' ')}, and the log says ${told.join(' ')}`);
    }
  }
}

function checkAssignments(model: Model, { assignments, invitations }: Observation) {
  for (const row of assignments) {
    const chat = model.chats.get(row.chat_id);
    const running = chat?.assignment?.id === row.id ? chat.assignment : undefined;
    const state = running ? 'running' : chat?.ended.get(row.id);
    if (row.state !== state) {
      model.report('I4', `${row.id} of ${row.chat_id} is ${row.state}, and the log says ${state}`);
    } else if (running && running.chosen !== undefined) {
      model.report('I4', `${running.chosen} is chosen in ${row.id} and not invited`);
    } else if (running && !chat?.invitation && row.pick_by === null) {
      model.report('I6', `${row.id} runs and nobody is invited`);
    }
    if (!running) continue;
    const written = [row.attempts, row.deadline, row.tried];
    const told = [running.attempts, running.deadline, JSON.stringify(running.tried)];
    if (written.join(' ') !== told.join(' ')) {
      model.report('rows', `${row.id} is ${written.join(' ')}, and the log says ${told.join(' ')}`);
    }
  }
  const pending = new Map<string, string[]>();
  for (const row of invitations) {
    if (row.state !== 'pending') continue;
    pending.set(row.chat_id, [...(pending.get(row.chat_id) ?? []), row.id]);
  }
  for (const { id, invitation } of model.chats.values()) {
    const written = pending.get(id) ?? [];
    if (written.length > 1) model.report('I1', `${written.join()} are pending for ${id}`);
    if (written.join() !== (invitation?.id ?? '')) {
      model.report(
        'I4',
        `${written.join() || 'nothing'} is pending for ${id}, and the log says ${invitation?.id}`,
      );
    }
  }
}

function checkAgents(model: Model, { agents }: Observation) {
  for (const { id, status, capacity } of agents) {
    const agent = model.agents.get(id);
    if (!agent) continue;
    const written = `${status} ${capacity}`;
    const told = `${agent.away ? 'away' : 'available'} ${agent.capacity}`;
    if (written !== told) model.report('rows', `${id} is ${written}, and should be ${told}`);
  }
}
