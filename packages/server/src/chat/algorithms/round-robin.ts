import { defineAlgorithm } from './algorithm.ts';

/** A ring by agent id: the first eligible one after the agent invited last. */
export default defineAlgorithm('round-robin', {
  pick: (pool, { agents }) => {
    const last = [...agents.values()].reduce((latest, agent) =>
      agent.lastInvitedAt > latest.lastInvitedAt ? agent : latest,
    );
    const ring = pool.toSorted((left, right) => (left.id < right.id ? -1 : 1));
    const next = last.lastInvitedAt > 0 ? ring.find((agent) => agent.id > last.id) : undefined;
    return next ?? ring[0] ?? pool[0];
  },
});
