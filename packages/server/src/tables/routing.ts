import { isDeepStrictEqual } from 'node:util';

import type { Decision } from '../chat/decision.ts';
import type { AgentState } from '../chat/state.ts';
import type { Transaction } from '../log/log.ts';
import { saveAgent, saveLastInvited } from './agents.ts';
import { saveAssignment, saveInvitation } from './assignments.ts';
import type { KeptChat } from './chats.ts';

/** How things were before a decision. */
export interface Earlier {
  kept: KeptChat | undefined;
  agents: ReadonlyMap<string, AgentState>;
  lastInvited: string | undefined;
}

const none: ReadonlyMap<string, AgentState> = new Map();

/** Agents as they are now; what changes in place of an agent is no deeper than this. */
export function copyAgents(
  agents: ReadonlyMap<string, AgentState>,
): ReadonlyMap<string, AgentState> {
  if (agents.size === 0) return none;
  const copies = new Map<string, AgentState>();
  for (const [id, agent] of agents) copies.set(id, { ...agent });
  return copies;
}

/** Writes what is another than before beside the chat itself. */
export function saveRouting(
  transaction: Transaction,
  earlier: Earlier,
  { chat, agents, lastInvited, assignments, invitations }: Decision,
) {
  const before = earlier.kept?.chat;
  for (const assignment of changed(before?.assignment, chat.assignment, assignments)) {
    saveAssignment(transaction, assignment);
  }
  for (const invitation of changed(before?.invitation, chat.invitation, invitations)) {
    saveInvitation(transaction, invitation);
  }
  for (const [id, agent] of agents) {
    const agentBefore = earlier.agents.get(id);
    if (!agentBefore || !isSameAgent(agent, agentBefore)) saveAgent(transaction, agent);
  }
  if (lastInvited !== undefined && lastInvited !== earlier.lastInvited) {
    saveLastInvited(transaction, chat.room, lastInvited);
  }
}

/** What has to be written: those that ended here, and the current one unless it is as it was. */
function changed<Item>(
  before: Item | undefined,
  current: Item | undefined,
  ended: readonly Item[],
): readonly Item[] {
  const isSame = current === undefined || isDeepStrictEqual(current, before);
  return isSame ? ended : [...ended, current];
}

/** Whether what is stored of an agent is the same; load and connection are not stored. */
function isSameAgent(left: AgentState, right: AgentState): boolean {
  return (
    left.status === right.status &&
    left.reason === right.reason &&
    left.misses === right.misses &&
    left.lastInvitedAt === right.lastInvitedAt &&
    left.lastClosedAt === right.lastClosedAt &&
    left.availableSince === right.availableSince
  );
}
