import fc from 'fast-check';

import { InvariantError } from './invariants.ts';
import { anySequence, type Sequence } from './sequence.ts';
import { Stage, type StageOptions } from './stage.ts';
import type { Tally } from './tally.ts';

export interface RunOptions extends StageOptions {
  count: number;
  seed: number;
  /** Where in the run of that seed to go on: what a failure has printed. */
  path?: string | undefined;
  /** Whether a failing sequence is made as small as can be; yes unless told. */
  shrinks?: boolean;
  /** Is told every half minute how many sequences have been played. */
  onProgress?(played: number): void;
}

export interface RunResult {
  /** How many sequences were played, those of shrinking not counted. */
  count: number;
  milliseconds: number;
  tally: Tally;
  failure?: Failure | undefined;
}

/** A sequence that breaks something, and what it breaks. */
export interface Failure {
  error: InvariantError;
  sequence: Sequence;
  path: string;
}

/** In milliseconds. */
const betweenProgress = 30_000;

/** Plays random sequences until one breaks an invariant. */
export async function runSequences(options: RunOptions): Promise<RunResult> {
  const { count, seed, path, shrinks = true, onProgress } = options;
  await using stage = new Stage(options);
  const { tally } = stage;
  const began = performance.now();
  let [played, toldAt] = [0, began];
  const property = fc.asyncProperty(anySequence(options), async (sequence) => {
    await stage.play(sequence);
    played += 1;
    if (performance.now() - toldAt < betweenProgress) return;
    toldAt = performance.now();
    onProgress?.(played);
  });
  const details = await fc.check(property, {
    numRuns: count,
    seed,
    endOnFailure: !shrinks,
    ...(path !== undefined && { path }),
  });
  const milliseconds = performance.now() - began;
  const { failed, counterexample, counterexamplePath, errorInstance, numRuns } = details;
  if (!failed) return { count, milliseconds, tally };
  if (!(errorInstance instanceof InvariantError) || !counterexample) throw errorInstance;
  const [sequence] = counterexample;
  const failure = { error: errorInstance, sequence, path: counterexamplePath ?? '' };
  return { count: numRuns, milliseconds, tally, failure };
}
