import { describe, expect, it } from 'vitest';

import { platformEnvironment } from './environment.ts';
import { createKey, createKeys } from './keys.ts';

const { random } = platformEnvironment;

describe('keys', () => {
  it('are never the same, from one source or another', () => {
    const [some, others] = [createKeys(random), createKeys(random)];
    const keys = Array.from({ length: 1_000 }, () => [some(), others(), createKey(random)]).flat();
    expect(new Set(keys).size).toBe(3_000);
  });

  it('are not longer than the server takes', () => {
    const next = createKeys(random);
    expect(next().length + String(Number.MAX_SAFE_INTEGER).length).toBeLessThanOrEqual(64);
  });
});
