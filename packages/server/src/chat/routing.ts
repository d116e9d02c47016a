import type { Consideration } from '@parley/contract/types';

import { EventError } from '../event-error.ts';
import { byIdleness } from './algorithms/algorithm.ts';
import type { Decision } from './decision.ts';
import type { AgentState, ChatState } from './state.ts';

type Verdict = Consideration['verdict'];

export interface Routing {
  chosen: AgentState | undefined;
  /** A verdict for every agent logged in to the room. */
  considered: Consideration[];
}

/** Picks an agent for the chat by the named algorithm, and says why each of the others was not picked. */
export function routeChat(
  decision: Decision,
  algorithm: string,
  tried: readonly string[],
): Routing {
  const { chat, agents, now, random, algorithms } = decision;
  const pick = algorithms.get(algorithm);
  if (!pick) throw new EventError('UNKNOWN_ALGORITHM', { data: { known: [...algorithms.keys()] } });
  const verdicts = new Map<AgentState, Verdict>();
  for (const agent of [...agents.values()].toSorted(byIdleness)) {
    verdicts.set(agent, verdictOf(agent, chat, tried, now));
  }
  const [first, ...others] = [...verdicts.keys()].filter(
    (agent) => verdicts.get(agent) === 'eligible',
  );
  const chosen = first && pick.pick([first, ...others], { chat, agents, now, random });
  if (chosen) verdicts.set(chosen, 'chosen');
  const considered = Array.from(verdicts, ([{ id: agentId }, verdict]) => ({ agentId, verdict }));
  return { chosen, considered };
}

/** Whether anybody in the room could take the chat now. */
export function isRoutable(decision: Decision): boolean {
  const { chat, agents, now } = decision;
  return [...agents.values()].some((agent) => verdictOf(agent, chat, [], now) === 'eligible');
}

function verdictOf(
  agent: AgentState,
  chat: ChatState,
  tried: readonly string[],
  now: number,
): Verdict {
  if (agent.id === chat.agentId) return 'owner';
  if (!agent.connected) return 'offline';
  if (agent.status === 'away') return 'away';
  if (tried.includes(agent.id)) return 'tried';
  if ((chat.avoid[agent.id] ?? 0) > now) return 'missed-recently';
  if (agent.load >= agent.capacity) return 'at-capacity';
  if (chat.lang && agent.langs.length > 0 && !agent.langs.includes(chat.lang)) {
    return 'other-language';
  }
  return 'eligible';
}
