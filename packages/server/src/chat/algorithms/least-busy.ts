import { defineAlgorithm, leastBusyOf } from './algorithm.ts';

/** The smallest load. */
export default defineAlgorithm('least-busy', { pick: leastBusyOf });
