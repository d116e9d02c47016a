import { testAlgorithm } from './test-algorithm.ts';

testAlgorithm('acme.moody');
