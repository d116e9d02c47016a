import { testAlgorithm } from './test-algorithm.ts';

testAlgorithm('least-busy');
