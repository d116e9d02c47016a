import { defineAlgorithm } from './algorithm.ts';

/** A ring by agent id: the first eligible one after whoever was invited last in the room. */
export default defineAlgorithm('round-robin', {
  pick(pool, { lastInvited = '' }) {
    const ring = pool.toSorted((left, right) => (left.id < right.id ? -1 : 1));
    return ring.find(({ id }) => id > lastInvited) ?? ring[0] ?? pool[0];
  },
});
