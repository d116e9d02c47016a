import { defineAlgorithm } from './algorithm.ts';

/** The one who has had nothing to do for longest. */
export default defineAlgorithm('longest-idle', { pick: ([longestIdle]) => longestIdle });
