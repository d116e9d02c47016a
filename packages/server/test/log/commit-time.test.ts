import { expect, test } from 'vitest';

import { CommitTime } from '../../src/log/commit-time.ts';

function after(...milliseconds: number[]) {
  const commitTime = new CommitTime();
  for (const each of milliseconds) commitTime.note(each);
  return commitTime.milliseconds;
}

const repeated = (times: number, milliseconds: number) =>
  Array.from({ length: times }, () => milliseconds);

test('commits that all take the same come to take that', () => {
  expect(after()).toBe(0);
  expect(after(...repeated(400, 8))).toBeCloseTo(8, 1);
  expect(after(...repeated(400, 8), ...repeated(400, 0.3))).toBeCloseTo(0.3, 1);
});

test('a few that take long among others that do not say little', () => {
  const short = repeated(100, 0.3);
  expect(after(...short, ...repeated(4, 10))).toBeLessThan(1);
  expect(after(...short, ...repeated(8, 10))).toBeGreaterThan(1);
});
