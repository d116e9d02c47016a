import { defineAlgorithm } from './algorithm.ts';

/** The smallest load. */
export default defineAlgorithm('least-busy', {
  pick: (pool) => pool.reduce((best, agent) => (agent.load < best.load ? agent : best)),
});
