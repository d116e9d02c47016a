import { describe, test } from 'vitest';

import { firstSeed, sequenceCount } from './profile.ts';
import { type Failure, runSequences, type RunOptions, type RunResult } from './run-sequences.ts';
import type { StageOptions } from './stage.ts';

/** The share of sequences in which the server restarts; they take a store on file, and longer. */
const restartShare = 0.05;

/** Far more than a sequence takes on a busy machine, in milliseconds. */
const patience = 100;

const restarting = 'in which the server restarts';

/** Tests that I1-I9, and what else the model knows, hold in random sequences under an algorithm. */
export function testAlgorithm(algorithm: string): void {
  const restarts = Math.round(sequenceCount() * restartShare);
  describe(`${algorithm} keeps every invariant`, () => {
    testSequences('in random sequences', {
      algorithm,
      restarts: false,
      count: sequenceCount() - restarts,
    });
    testSequences(`in random sequences ${restarting}`, {
      algorithm,
      restarts: true,
      count: restarts,
    });
  });
}

function testSequences(title: string, options: StageOptions & { count: number }) {
  const { algorithm, count } = options;
  const { PARLEY_PATH } = process.env;
  const seed = firstSeed();
  test(`${title}`, { timeout: 60_000 + count * patience }, async () => {
    const onProgress = (played: number) =>
      void process.stderr.write(`${algorithm} ${title}: ${played} of ${count}\n`);
    const run = { ...options, seed, path: PARLEY_PATH, onProgress };
    const result = await runSequences(run);
    process.stdout.write(`${summarize(run, result)}\n`);
    if (result.failure) throw new Error(explain(run, result.failure));
  });
}

const told = {
  'invitations:new': 'invitations',
  'invitations:accept': 'accepted',
  'invitations:reject': 'rejected',
  'invitations:expire timeout': 'missed',
  'invitations:expire agent-unavailable': 'of lost agents',
  'invitations:expire taken': 'taken by others',
  'invitations:expire chat-closed': 'of closed chats',
  'invitations:expire superseded': 'superseded',
  'forever:alone': 'forever alone',
  'chats:leave transferred': 'transfers',
  'chats:toinbox agent-lost': 'owners lost',
  restart: 'restarts',
};

function summarize({ algorithm, seed }: RunOptions, result: RunResult): string {
  const { count, milliseconds, tally } = result;
  const parts = Object.entries(told).map(([what, words]) => `${tally.count(what)} ${words}`);
  const each = (milliseconds / count).toFixed(2);
  return `${algorithm}: ${count} sequences from seed ${seed}, ${each} ms each: ${parts.join(', ')}`;
}

function explain({ algorithm, restarts, seed }: RunOptions, failure: Failure): string {
  const { error, sequence, path } = failure;
  const file = `packages/server/test/assignment/${algorithm.replace('.', '-')}.test.ts`;
  const title = restarts ? restarting : 'in random sequences$';
  return [
    error.message,
    '',
    `The sequence, for regressions.test.ts: ${JSON.stringify(sequence)}`,
    `Again: PARLEY_SEED=${seed} PARLEY_PATH=${path} node_modules/.bin/vitest run ${file} -t '${title}'`,
  ].join('\n');
}
