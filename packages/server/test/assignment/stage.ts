import { existsSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { definitions } from './algorithms.ts';
import { createMoodyAlgorithm } from './moody.ts';
import { Player } from './player.ts';
import type { Sequence } from './sequence.ts';
import { Tally } from './tally.ts';
import { createVirtualEnvironment } from './virtual-environment.ts';
import { World, type WorldOptions } from './world.ts';

export interface StageOptions {
  /** A core algorithm, or `acme.moody`. */
  algorithm: string;
  /** Whether the server restarts in between; its store is a file then. */
  restarts: boolean;
  /** Faults to plant. */
  world?: WorldOptions;
}

/** After so many sequences a fresh store is taken, so that its size does not slow the rest. */
const sequencesPerWorld = 1000;

/** Files that need no disk: what power cuts do is not asked here. */
const fastDirectory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A server that plays sequence after sequence, each among rooms and people of its own. */
export class Stage implements AsyncDisposable {
  readonly tally = new Tally();
  readonly #options: StageOptions;
  #open: (AsyncDisposable & { player: Player }) | undefined;
  /** The seeds of those played: the same one again would make the same ids. */
  readonly #seeds = new Set<number>();

  constructor(options: StageOptions) {
    this.#options = options;
  }

  async play(sequence: Sequence): Promise<void> {
    const isFull = this.#seeds.size >= sequencesPerWorld || this.#seeds.has(sequence.seed);
    if (isFull) await this[Symbol.asyncDispose]();
    this.#open ??= await openPlayer(this.#options, this.tally);
    this.#seeds.add(sequence.seed);
    try {
      await this.#open.player.play(sequence);
    } catch (error) {
      // What a broken sequence leaves behind is none of the next one's business.
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#seeds.clear();
    await open?.[Symbol.asyncDispose]();
  }
}

async function openPlayer({ algorithm, restarts, world: options }: StageOptions, tally: Tally) {
  await using resources = new AsyncDisposableStack();
  const environment = createVirtualEnvironment();
  const moody = createMoodyAlgorithm(environment);
  const store = restarts ? await temporaryStore(resources) : 'sqlite::memory:';
  const world = resources.use(
    await World.open({ store, algorithms: [moody.algorithm], ...options }, environment),
  );
  const slow = algorithm === moody.algorithm.name;
  const definition = slow ? moody.definition : definitions[algorithm];
  if (!definition) throw new Error(`The test has no definition of ${algorithm}.`);
  const player = new Player(world, { name: algorithm, definition, slow }, tally);
  const owned = resources.move();
  return { player, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function temporaryStore(resources: AsyncDisposableStack): Promise<string> {
  const directory = resources.use(await mkdtempDisposable(join(fastDirectory, 'parley-model-')));
  return `sqlite:${join(directory.path, 'parley.db')}`;
}
