import type { Environment } from '@parley/server';

/** An environment in which nothing happens but by the test: chance comes from a seed, and the clock stands still until it is moved. */
export interface VirtualEnvironment extends Environment {
  /** When the next timer is due. */
  readonly nextTimer: number | undefined;
  /** Begins chance anew. */
  reseed(seed: number): void;
  /** Sets the clock forward and runs nothing: what is due by then runs late. */
  jump(milliseconds: number): void;
  /** Starts every timer that is due. */
  ring(): void;
  /** Runs what is due until nothing is left to do at this moment. */
  settle(): Promise<void>;
  /** Moves the clock on; each timer runs at its own time. */
  advance(milliseconds: number): Promise<void>;
  /** Lets everything run, and gives what was promised. */
  finish<Result>(promised: PromiseLike<Result>): Promise<Result>;
}

interface Timer {
  at: number;
  task: () => void;
}

/** After so many turns without rest something goes round in circles. */
const mostTurns = 10_000;

/** Everything else is promises, which a turn of the event loop brings to their end. */
const turn = () => new Promise<void>((done) => setImmediate(done));

export function createVirtualEnvironment(start = Date.UTC(2026, 0, 1, 10)): VirtualEnvironment {
  let now = start;
  let [a, b, c, counter] = [0, 0, 0, 1];
  let tasks: (() => void)[] = [];
  const timers = new Set<Timer>();

  function earliest(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) if (!first || timer.at < first.at) first = timer;
    return first;
  }

  /** Chris Doty-Humphrey's sfc32: its streams for different seeds do not meet, so that ids stay apart. */
  function byte(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 24;
  }

  function reseed(seed: number) {
    [a, b, c, counter] = [0, seed, 0, 1];
    for (let round = 0; round < 15; round += 1) byte();
  }

  function ring(): boolean {
    let rang = false;
    for (let timer = earliest(); timer && timer.at <= now; timer = earliest()) {
      timers.delete(timer);
      timer.task();
      rang = true;
    }
    return rang;
  }

  async function settle() {
    for (let turns = 0; turns < mostTurns; turns += 1) {
      await turn();
      const rang = ring();
      const batch = tasks;
      if (batch.length === 0 && !rang) return;
      tasks = [];
      for (const task of batch) task();
    }
    throw new Error(`After ${mostTurns} turns there is still something to do at this moment.`);
  }

  return {
    now: () => now,
    random: { bytes: (size) => Uint8Array.from({ length: size }, byte) },
    scheduler: {
      soon: (task) => void tasks.push(task),
      after(milliseconds, task) {
        const timer = { at: now + Math.max(milliseconds, 0), task };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
    get nextTimer() {
      return earliest()?.at;
    },
    reseed,
    jump(milliseconds) {
      now += milliseconds;
    },
    ring: () => void ring(),
    settle,
    async advance(milliseconds) {
      await settle();
      const until = now + milliseconds;
      for (let timer = earliest(); timer && timer.at <= until; timer = earliest()) {
        now = Math.max(now, timer.at);
        await settle();
      }
      now = until;
    },
    async finish(promised) {
      const ended = promised.then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      );
      await settle();
      const end = await ended;
      if ('error' in end) throw end.error;
      return end.result;
    },
  };
}
