import type { Random } from '../../environment.ts';
import type { AgentState, ChatState } from '../state.ts';

/** The agents that may be invited, longest idle first, then by id. There is at least one. */
export type Pool = readonly [AgentState, ...AgentState[]];

/** What an algorithm may look at beside the pool. */
export interface AlgorithmContext {
  chat: Readonly<ChatState>;
  /** Everybody logged in to the room, eligible or not, by id. */
  agents: ReadonlyMap<string, AgentState>;
  /** Who was invited last to a chat of the room, gone since or not. */
  lastInvited: string | undefined;
  now: number;
  random: Random;
}

/** A way to pick one agent out of a pool. One that takes its time is given some; then the default picks. */
export interface Algorithm {
  readonly name: string;
  pick(pool: Pool, context: AlgorithmContext): AgentState | Promise<AgentState>;
}

/** Declares an algorithm; a team's own has a name of its own, such as `acme.vip`. */
export function defineAlgorithm(name: string, definition: Omit<Algorithm, 'name'>): Algorithm {
  return { name, ...definition };
}

/** Since when the agent has had nothing to do: last invited, last closed or became available. */
function idleSince(agent: AgentState): number {
  return Math.max(agent.lastInvitedAt, agent.lastClosedAt, agent.availableSince);
}

/** Orders agents by longest idle, then lowest id. */
export function byIdleness(left: AgentState, right: AgentState): number {
  return idleSince(left) - idleSince(right) || (left.id < right.id ? -1 : 1);
}

/** The agent with the smallest load; among equals the longest idle. */
export function leastBusyOf(pool: Pool): AgentState {
  return pool.reduce((best, agent) => (agent.load < best.load ? agent : best));
}
