import { testAlgorithm } from './test-algorithm.ts';

testAlgorithm('random');
