import { EventError } from './event-error.ts';

export interface BatchesOptions<Item, Result> {
  /** The most of one batch: whoever comes behind it waits for all of them. */
  most: number;
  /** Does at once what a batch is there for, and says what came of each. More come in until it calls `close`. */
  work(items: readonly Item[], close: () => void): Promise<readonly PromiseSettledResult<Result>[]>;
}

interface Batch<Item, Result> {
  items: Item[];
  settled?: Promise<readonly PromiseSettledResult<Result>[]>;
}

/** Gathers what comes one by one, so that what costs as much for one as for many is done once. */
export class Batches<Item, Result> {
  readonly #options: BatchesOptions<Item, Result>;
  #gathering: Batch<Item, Result> | undefined;

  constructor(options: BatchesOptions<Item, Result>) {
    this.#options = options;
  }

  /** Resolves to what came of it, or throws that; when all of its batch fails, as that does. */
  async add(item: Item): Promise<Result> {
    const { items, settled } = this.#batchWith(item);
    const index = items.length - 1;
    const result = (await settled)?.[index];
    if (result?.status === 'fulfilled') return result.value;
    throw result?.reason ?? new EventError('INTERNAL');
  }

  /** What comes from here on is of another batch. */
  close(): void {
    this.#gathering = undefined;
  }

  #batchWith(item: Item): Batch<Item, Result> {
    const { most, work } = this.#options;
    const gathering = this.#gathering;
    if (gathering && gathering.items.length < most) {
      gathering.items.push(item);
      return gathering;
    }
    const batch: Batch<Item, Result> = { items: [item] };
    this.#gathering = batch;
    batch.settled = work(batch.items, () => {
      if (this.#gathering === batch) this.close();
    });
    return batch;
  }
}
