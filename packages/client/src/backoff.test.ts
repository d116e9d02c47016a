import { describe, expect, it } from 'vitest';

import { backoff, reconnectDelay, retryDelay } from './backoff.ts';

const least = { bytes: (size: number) => new Uint8Array(size) };
const most = { bytes: (size: number) => new Uint8Array(size).fill(255) };

describe('backoff', () => {
  it('waits anything from nothing to a spread that doubles up to 30 seconds', () => {
    const spreads = [0, 1, 2, 3, 4, 5, 100].map((failures) => [
      backoff(failures, least),
      backoff(failures, most),
    ]);
    expect(spreads).toEqual([
      [0, 1_999],
      [0, 3_999],
      [0, 7_999],
      [0, 15_999],
      [0, 29_999],
      [0, 29_999],
      [0, 29_999],
    ]);
  });
});

describe('retryDelay', () => {
  it('is at least what the server says, and at most twice that', () => {
    expect([retryDelay(700, 0, least), retryDelay(700, 9, most)]).toEqual([700, 1_400]);
  });

  it('is a backoff when the server says nothing', () => {
    expect([retryDelay(undefined, 1, least), retryDelay(undefined, 1, most)]).toEqual([0, 3_999]);
  });
});

describe('reconnectDelay', () => {
  it('is within 2 seconds at first, then within 1.5 for nineteen tries, then within a spread that doubles up to 30', () => {
    const longest = [0, 1, 2, 3, 20, 21, 22, 23, 24, 100].map((failures) => {
      expect(reconnectDelay(failures, least)).toBe(0);
      return reconnectDelay(failures, most);
    });
    expect(longest).toEqual([
      1_999, 1_999, 1_499, 1_499, 1_499, 3_999, 7_999, 15_999, 29_999, 29_999,
    ]);
  });
});
