import agentsStatus from '@parley/contract/events/agents-status';

import type { Decision } from './decision.ts';
import type { AgentState } from './state.ts';
import { viewAgent } from './views.ts';

/** Two missed invitations in a row set an agent away. */
const missesUntilAway = 2;

/** Does not invite an agent to this chat again for a while. */
export function avoidAgent({ chat, now, settings }: Decision, agentId: string): void {
  chat.avoid[agentId] = now + settings.coolDown * 1000;
}

/** Notes that an agent let an invitation pass: no second one to this chat for a while, and away after two in a row. */
export function noteMiss(decision: Decision, agentId: string): void {
  const { now } = decision;
  avoidAgent(decision, agentId);
  const agent = decision.agents.get(agentId);
  if (!agent) return;
  agent.misses += 1;
  if (agent.misses < missesUntilAway || agent.status === 'away') return;
  setStatus(agent, 'away', 'missed-invitations', now);
  const to = { room: agent.rooms, user: agent.id };
  decision.occurrences.push({ event: agentsStatus, data: { agent: viewAgent(agent) }, to });
}

/** Changes whether an agent can be invited. */
export function setStatus(
  agent: AgentState,
  status: AgentState['status'],
  reason: string | undefined,
  now: number,
): void {
  if (status === 'available' && agent.status === 'away') {
    agent.availableSince = now;
    agent.misses = 0;
  }
  agent.status = status;
  agent.reason = status === 'away' ? reason : undefined;
}
