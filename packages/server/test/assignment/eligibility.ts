import type { Consideration } from '@parley/contract/types';

import type { Model } from './model.ts';
import type { ModelAgent, ModelChat } from './model-state.ts';

type Verdict = Consideration['verdict'];

/** Every reason that speaks against inviting an agent to a chat; none means eligible. */
export function reasonsAgainst(
  model: Model,
  agent: ModelAgent,
  chat: ModelChat,
  { tried, at }: { tried: readonly string[]; at: number },
): Verdict[] {
  const reasons: Verdict[] = [];
  if (agent.id === chat.owner) reasons.push('owner');
  if (!model.isOnline(agent.id)) reasons.push('offline');
  if (agent.away) reasons.push('away');
  if (tried.includes(agent.id)) reasons.push('tried');
  if ((chat.avoid.get(agent.id) ?? 0) > at) reasons.push('missed-recently');
  if (model.loadOf(agent.id) >= agent.capacity) reasons.push('at-capacity');
  if (chat.lang && agent.langs.length > 0 && !agent.langs.includes(chat.lang)) {
    reasons.push('other-language');
  }
  return reasons;
}

/** Who may be invited to a chat, longest idle first, then by id. */
export function eligibleAgents(
  model: Model,
  chat: ModelChat,
  { tried, at }: { tried: readonly string[]; at: number },
): ModelAgent[] {
  return model
    .agentsOf(chat.room)
    .filter((agent) => reasonsAgainst(model, agent, chat, { tried, at }).length === 0)
    .toSorted(byIdleness);
}

/** Since when an agent has had nothing to do. */
function idleSince(agent: ModelAgent): number {
  return Math.max(agent.lastInvitedAt, agent.lastClosedAt, agent.availableSince);
}

function byIdleness(left: ModelAgent, right: ModelAgent): number {
  return idleSince(left) - idleSince(right) || (left.id < right.id ? -1 : 1);
}
