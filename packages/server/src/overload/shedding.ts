import type { Environment } from '../environment.ts';
import { EventError } from '../event-error.ts';
import type { LimitName, Limits, ObserveLimit } from '../limits.ts';
import type { LoopDelay } from './loop-delay.ts';
import { Overload } from './overload.ts';

export interface SheddingOptions {
  limits: Pick<Limits, 'shedLagMs' | 'shedQueue'>;
  onLimit: ObserveLimit;
  environment: Environment;
  loopDelay: LoopDelay;
  queue: {
    /** How many works wait for the log. */
    readonly waiting: number;
    /** Since when the first of them waits, in milliseconds since 1970. */
    readonly waitingSince: number | undefined;
  };
}

/**
 * What is refused, from how many times the limit on: first who is not there yet, last what is the work itself. Of works
 * more may wait than are soon done: who is told to wait comes back all the same, and until then there has to be enough.
 */
const refusedFrom = {
  connections: { lag: 1, queue: 1 },
  replays: { lag: 1.5, queue: 1.5 },
  sends: { lag: 2, queue: 5 },
};

export type Admitted = keyof typeof refusedFrom;

/** For how long the event loop is watched before it is judged, in milliseconds. */
const watchMilliseconds = 1000;

/** For how long all get the same refusal, in milliseconds: to refuse must cost next to nothing. */
const momentMilliseconds = 10;

/**
 * How long who is refused has to wait, in milliseconds: by chance within a spread, so that not all come back together. It
 * is the wider the more have been refused, since to refuse those who come back is work too.
 */
const shortestWait = 1000;
const spreads = { least: 1000, perRefused: 1, most: 3000 };

/** When nobody was refused for so long, in milliseconds, it begins anew. */
const calmMilliseconds = 1000;

/** Refuses work that would make all other work late. Who resumes is always let on, and so is what time demands. */
export class Shedding {
  readonly #options: SheddingOptions;
  /** Whether nothing is ever refused; then nobody need look. */
  readonly #isOff: boolean;
  #watchedUntil: number;
  /** In the last two whole watches. One alone may be a start, a large import or another program's. */
  #delays: [before: number, last: number] = [0, 0];
  #current: { overload: Overload; until: number } | undefined;
  /** How many have been refused since it was calm, and when the last of them was. */
  #refused = 0;
  #lastRefused = 0;

  constructor(options: SheddingOptions) {
    const { shedLagMs, shedQueue } = options.limits;
    this.#options = options;
    this.#isOff = Math.min(shedLagMs, shedQueue) === Number.POSITIVE_INFINITY;
    this.#watchedUntil = options.environment.now() + watchMilliseconds;
  }

  /** `OVERLOADED`, with how long to wait, when there is too much to do. */
  refusal(what: Admitted, now: number): Overload | undefined {
    return this.admits(what, now) ? undefined : this.#overload(now);
  }

  /** Whether it would be admitted now. */
  admits(what: Admitted, now: number): boolean {
    if (this.#isOff) return true;
    const limit = this.#exceeded(refusedFrom[what], now);
    if (limit) this.#options.onLimit(limit);
    return !limit;
  }

  #exceeded(times: { lag: number; queue: number }, now: number): LimitName | undefined {
    const { limits, queue } = this.#options;
    if (queue.waiting > limits.shedQueue * times.queue) return 'shedQueue';
    const longest = limits.shedLagMs * times.lag;
    // Where the disk is slow, far fewer than the longest queue are too many.
    const isLate = now - (queue.waitingSince ?? now) > longest || this.#delay(now) > longest;
    return isLate ? 'shedLagMs' : undefined;
  }

  #delay(now: number): number {
    if (now >= this.#watchedUntil) {
      this.#delays = [this.#delays[1], this.#options.loopDelay.take()];
      this.#watchedUntil = now + watchMilliseconds;
    }
    const [before, last] = this.#delays;
    return Math.min(before, last);
  }

  #overload(now: number): Overload {
    if (now > this.#lastRefused + calmMilliseconds) this.#refused = 0;
    this.#refused += 1;
    this.#lastRefused = now;
    if (this.#current && now < this.#current.until) return this.#current.overload;
    const [byte = 0] = this.#options.environment.random.bytes(1);
    const spread = Math.min(spreads.least + spreads.perRefused * this.#refused, spreads.most);
    const retryAfterMs = Math.round(shortestWait + (spread * byte) / 256);
    const overload = new Overload(new EventError('OVERLOADED', { retryAfterMs }));
    this.#current = { overload, until: now + momentMilliseconds };
    return overload;
  }
}
