import { defineAlgorithm, leastBusyOf } from './algorithm.ts';

/** The agent the customer had last, if eligible; otherwise the least busy. */
export default defineAlgorithm('sticky', {
  pick: (pool, { chat }) => pool.find(({ id }) => id === chat.previousAgentId) ?? leastBusyOf(pool),
});
