import { expect, test, vi } from 'vitest';

import { firstSeed, profile } from '../../profile.ts';
import { runSequences } from './run-sequences.ts';

/** How many sequences are played. */
const counts = { newcomer: 500, ci: 5000, long: 100_000 };

/** The parts that the sequences are played in, each in a file of its own, so that they run side by side. */
const parts = 2;

/** Plays one part of the sequences on both sockets. A failure prints the smallest sequence that still fails. */
export function testDifferential(part: number): void {
  // Only for a run that hangs.
  vi.setConfig({ testTimeout: 1_200_000 });

  test('both sockets give the same answers to the same frames', async () => {
    const seed = firstSeed() + part * 1000;
    const count = Math.ceil(counts[profile()] / parts);
    const began = performance.now();
    const { frames, failure } = await runSequences({ pair: ['trpc', 'parley'], count, seed });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.info(`Seed ${seed}: ${count} sequences, ${frames} frames of the oracle, ${seconds} s`);
    expect(failure).toBeUndefined();
  });
}
