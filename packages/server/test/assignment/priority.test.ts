import { testAlgorithm } from './test-algorithm.ts';

testAlgorithm('priority');
