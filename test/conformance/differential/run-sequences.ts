import fc from 'fast-check';

import type { Socket } from '../sockets.ts';
import { differences } from './compare.ts';
import { anySequence, type Sequence } from './sequence.ts';
import { Side, type Transcripts } from './side.ts';
import { Tokens } from './tokens.ts';

/** How many pairs of servers play at a time, and how many sequences a pair plays until it is replaced. */
const lanes = 6;
const sequencesPerPair = 60;

/** How many sequences are tried to make a failing one smaller. */
const triesToShrink = 200;

export interface RunOptions {
  /** The two servers to compare. */
  pair: readonly [Socket, Socket];
  count: number;
  seed: number;
  /** Changes what the second server said, to see whether that is found. */
  falsify?: (transcripts: Transcripts) => Transcripts;
}

export interface RunResult {
  count: number;
  /** How many frames the first server sent. */
  frames: number;
  failure?: Failure | undefined;
}

/** A sequence that two servers answer differently, as small as can be. */
export interface Failure {
  seed: number;
  path: string;
  sequence: Sequence;
  /** What they said, or what went wrong. */
  reason: string;
}

/** What each of two servers said to a sequence. */
export type Both = readonly [Transcripts, Transcripts];

/** Plays random sequences on both servers until their answers differ. */
export async function runSequences(options: RunOptions): Promise<RunResult> {
  const share = Math.ceil(options.count / lanes);
  const end = new AbortController();
  const results = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      runLane({ ...options, count: share, seed: options.seed + lane }, end),
    ),
  );
  return {
    count: results.reduce((sum, { count }) => sum + count, 0),
    frames: results.reduce((sum, { frames }) => sum + frames, 0),
    failure: results.find(({ failure }) => failure)?.failure,
  };
}

/** The first lane that fails ends the others. */
async function runLane(options: RunOptions, end: AbortController): Promise<RunResult> {
  const { pair, count, seed, falsify = (same) => same } = options;
  await using stage = new Stage(pair);
  let tries = 0;
  let frames = 0;
  const property = fc.asyncProperty(anySequence, async (sequence) => {
    if (end.signal.aborted && (tries === 0 || tries > triesToShrink)) return;
    if (tries > 0) tries += 1;
    try {
      const [first, second] = await stage.play(sequence);
      frames += first.ann.frames.length + first.other.frames.length;
      const found = differences(first, falsify(second));
      if (found.length > 0) throw new Error(JSON.stringify(found, null, 2));
    } catch (error) {
      tries = Math.max(tries, 1);
      end.abort();
      throw error;
    }
  });
  const details = await fc.check(property, { numRuns: count, seed });
  const { failed, counterexample, counterexamplePath, errorInstance } = details;
  if (!failed) return { count, frames };
  if (!counterexample) throw errorInstance;
  const [sequence] = counterexample;
  const path = counterexamplePath ?? '';
  const failure = { seed, path, sequence, reason: String(errorInstance) };
  return { count: details.numRuns, frames, failure };
}

/** Plays so many random sequences, and gives what both servers said. */
export async function recordSequences({ pair, count, seed }: RunOptions): Promise<Both[]> {
  await using stage = new Stage(pair);
  const recorded: Both[] = [];
  for (const sequence of fc.sample(anySequence, { numRuns: count, seed })) {
    recorded.push(await stage.play(sequence));
  }
  return recorded;
}

/** A pair of servers in one state, replaced from time to time so that they do not grow. */
class Stage implements AsyncDisposable {
  readonly #pair: RunOptions['pair'];
  readonly #tokens = new Tokens();
  #sides: readonly Side[] = [];
  #played = 0;

  constructor(pair: RunOptions['pair']) {
    this.#pair = pair;
  }

  async play(sequence: Sequence): Promise<Both> {
    const number = this.#played % sequencesPerPair;
    this.#played += 1;
    if (number === 0) {
      await this[Symbol.asyncDispose]();
      this.#sides = await Promise.all(this.#pair.map((socket) => Side.start(socket, this.#tokens)));
    }
    const [first, second] = this.#sides;
    if (!first || !second) throw new Error('There is no pair of servers.');
    return Promise.all([first.play(sequence, number), second.play(sequence, number)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sides.map((side) => side[Symbol.asyncDispose]()));
    this.#sides = [];
  }
}
