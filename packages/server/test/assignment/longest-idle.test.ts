import { testAlgorithm } from './test-algorithm.ts';

testAlgorithm('longest-idle');
