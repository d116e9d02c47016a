import { expect, test } from 'vitest';

import { systemEnvironment } from '../../src/environment.ts';
import { Shedding } from '../../src/overload/shedding.ts';

/** Refuses each send; chance is always as large as it can be. */
function openShedding() {
  const clock = { now: 0 };
  const shedding = new Shedding({
    limits: { shedLagMs: 200, shedQueue: 10 },
    onLimit: () => {},
    environment: {
      ...systemEnvironment,
      now: () => clock.now,
      random: { ...systemEnvironment.random, bytes: (count) => new Uint8Array(count).fill(255) },
    },
    loopDelay: { take: () => 0, [Symbol.dispose]: () => {} },
    queue: { waiting: 51, waitingSince: undefined },
  });
  /** How long the last of so many that are refused has to wait, when one comes each 10 ms. */
  const waitOf = (count: number) => {
    let wait: number | undefined;
    for (let refused = 0; refused < count; refused += 1) {
      clock.now += 10;
      wait = shedding.refusal('sends', clock.now)?.error.retryAfterMs;
    }
    return wait;
  };
  return { clock, waitOf };
}

test('who is refused waits the longer the more were refused before, up to a bound, until it was calm', () => {
  const { clock, waitOf } = openShedding();
  clock.now += 5000;
  expect(waitOf(1)).toBe(1997);
  expect(waitOf(999)).toBe(2992);
  expect(waitOf(10_000)).toBe(3988);
  clock.now += 1000;
  expect(waitOf(1)).toBe(1997);
});
