import { describe, expect, it } from 'vitest';

import { backoff } from './backoff.ts';

describe('backoff', () => {
  const least = { bytes: (size: number) => new Uint8Array(size) };
  const most = { bytes: (size: number) => new Uint8Array(size).fill(255) };

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
