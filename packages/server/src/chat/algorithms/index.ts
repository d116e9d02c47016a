import type { Algorithm } from './algorithm.ts';
import leastBusy from './least-busy.ts';
import longestIdle from './longest-idle.ts';
import priority from './priority.ts';
import random from './random.ts';
import roundRobin from './round-robin.ts';
import sticky from './sticky.ts';

/** The algorithms that come with Parley. */
export const coreAlgorithms: readonly Algorithm[] = [
  leastBusy,
  roundRobin,
  longestIdle,
  random,
  sticky,
  priority,
];
