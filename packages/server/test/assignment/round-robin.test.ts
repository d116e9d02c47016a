import { testAlgorithm } from './test-algorithm.ts';

testAlgorithm('round-robin');
