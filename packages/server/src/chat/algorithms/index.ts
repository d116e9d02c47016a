import type { Algorithm } from './algorithm.ts';
import leastBusy from './least-busy.ts';
import roundRobin from './round-robin.ts';

/** The algorithms that come with Parley. */
export const coreAlgorithms: readonly Algorithm[] = [leastBusy, roundRobin];
