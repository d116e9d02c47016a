import type { Model } from './model.ts';
import type { ModelAgent, ModelChat } from './model-state.ts';

export interface Choice {
  /** In the order of their idleness; there is at least one. */
  eligible: readonly ModelAgent[];
  chat: ModelChat;
  at: number;
  model: Model;
}

/** Whom an algorithm may choose. */
export type Definition = (choice: Choice) => readonly ModelAgent[];

const least = (agents: readonly ModelAgent[], of: (agent: ModelAgent) => number) => {
  const smallest = Math.min(...agents.map(of));
  return agents.filter((agent) => of(agent) === smallest);
};

export const leastBusy: Definition = ({ eligible, model }) =>
  least(eligible, ({ id }) => model.loadOf(id)).slice(0, 1);

/** The algorithms as 3-events.md defines them, written a second time. */
export const definitions: Record<string, Definition> = {
  'least-busy': leastBusy,
  'round-robin': ({ eligible, chat, model }) => {
    const last = model.lastInvitedIn(chat.room);
    const ring = eligible.toSorted((left, right) => (left.id < right.id ? -1 : 1));
    const next = last === undefined ? undefined : ring.find(({ id }) => id > last);
    return [next ?? ring[0]].filter((agent) => agent !== undefined);
  },
  'longest-idle': ({ eligible }) => eligible.slice(0, 1),
  random: ({ eligible }) => eligible,
  sticky: (choice) => {
    const { previousAgents } = choice.chat;
    const known = choice.eligible.filter(({ id }) => previousAgents.has(id));
    // Of chats begun in the same millisecond either may be the last.
    return known.length === 0 || previousAgents.size > 1 ? [...known, ...leastBusy(choice)] : known;
  },
  priority: (choice) =>
    leastBusy({ ...choice, eligible: least(choice.eligible, ({ tier }) => -tier) }),
};
