import { setTimeout } from 'node:timers/promises';

import type { Chance } from './chance.ts';
import type { Participant } from './participant.ts';

/** How often the clock is looked at, in milliseconds. */
const tick = 5;

export interface SteadyLoadOptions {
  participants: readonly Participant[];
  chance: Chance;
  perSecond: number;
}

/** What was offered, and for how long. */
export interface Offered {
  sends: number;
  seconds: number;
}

/** Sends that are offered at a rate by the clock, whether or not earlier ones have been answered. */
export class SteadyLoad {
  readonly #options: SteadyLoadOptions;
  readonly #began = performance.now();
  readonly #sends: Promise<void>[] = [];
  readonly #over = new AbortController();
  readonly #offering: Promise<void>;

  constructor(options: SteadyLoadOptions) {
    this.#options = options;
    this.#offering = this.#offer();
  }

  /** Offers no more; what was offered may have no answer yet. */
  async stop(): Promise<Offered> {
    this.#over.abort();
    await this.#offering;
    this.#offerWhatIsDue();
    return { sends: this.#sends.length, seconds: this.#seconds };
  }

  /** Resolves when each send has its end. */
  async answered(): Promise<void> {
    await Promise.all(this.#sends);
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  async #offer() {
    const { signal } = this.#over;
    while (!signal.aborted) {
      this.#offerWhatIsDue();
      await setTimeout(tick, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A machine that was busy with something else makes up for it. */
  #offerWhatIsDue() {
    const { participants, chance, perSecond } = this.#options;
    while (this.#sends.length < this.#seconds * perSecond) {
      this.#sends.push(...chance.pick(participants).offer());
    }
  }
}
