import { defineAlgorithm, leastBusyOf } from './algorithm.ts';

/** The highest tier; within it the least busy. */
export default defineAlgorithm('priority', {
  pick(pool) {
    const highest = Math.max(...pool.map(({ tier }) => tier));
    const [first = pool[0], ...others] = pool.filter(({ tier }) => tier === highest);
    return leastBusyOf([first, ...others]);
  },
});
