import type { Consideration } from '@parley/contract/types';

import { EventError } from '../event-error.ts';
import { byIdleness, leastBusyOf, type Pool } from './algorithms/algorithm.ts';
import type { Decision } from './decision.ts';
import type { AgentState, ChatState } from './state.ts';

type Verdict = Consideration['verdict'];

/** What routing thinks of everybody logged in to the room at one moment. */
export interface Survey {
  /** Those who may be invited; undefined when there is nobody. */
  pool: Pool | undefined;
  verdicts: ReadonlyMap<AgentState, Verdict>;
}

/** Looks at every agent of the room. */
export function surveyAgents({ chat, agents, now }: Decision, tried: readonly string[]): Survey {
  const verdicts = new Map<AgentState, Verdict>();
  const present = [...agents.values()].filter(({ rooms }) => rooms.includes(chat.room));
  for (const agent of present.toSorted(byIdleness)) {
    verdicts.set(agent, verdictOf(agent, chat, tried, now));
  }
  const [first, ...others] = [...verdicts.keys()].filter(
    (agent) => verdicts.get(agent) === 'eligible',
  );
  return { pool: first && [first, ...others], verdicts };
}

/** Lets the named algorithm pick out of the pool. A slow one gives a promise; one that fails leaves it to the default. */
export function pickAgent(
  { chat, agents, lastInvited, now, random, algorithms }: Decision,
  pool: Pool,
  algorithm: string,
): AgentState | Promise<AgentState> {
  const chosen = algorithms.get(algorithm);
  if (!chosen) throw unknownAlgorithm(algorithms);
  try {
    const picked = chosen.pick(pool, { chat, agents, lastInvited, now, random });
    if (!(picked instanceof Promise)) return oneOf(pool, picked.id);
    // Nobody may be left to hear of its failure; whoever waits for it still does.
    picked.catch(() => undefined);
    return picked;
  } catch {
    return leastBusyOf(pool);
  }
}

/** The agent of the pool with this id; whoever is not in it cannot be invited, so that the default picks instead. */
export function oneOf(pool: Pool, agentId: string | undefined): AgentState {
  return pool.find(({ id }) => id === agentId) ?? leastBusyOf(pool);
}

/** A verdict for every agent considered, in the order in which they were. */
export function considerationsOf(
  { verdicts }: Survey,
  chosen: AgentState | undefined,
): Consideration[] {
  return Array.from(verdicts, ([agent, verdict]) => ({
    agentId: agent.id,
    verdict: agent === chosen ? 'chosen' : verdict,
  }));
}

export function unknownAlgorithm(algorithms: ReadonlyMap<string, unknown>): EventError {
  return new EventError('UNKNOWN_ALGORITHM', { data: { known: [...algorithms.keys()] } });
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
