import { testDifferential } from './test-differential.ts';

testDifferential(2);
