import type { Occurrence } from '@parley/contract';
import { tracked, type TrackedEnvelope } from '@trpc/server';

import type { Delivery } from './delivery.ts';
import type { Feed, Sink } from './feed.ts';

/** The most deliveries that wait to be read; what comes beyond them is heard later, or never when it is ephemeral. */
const mostWaiting = 10_000;

/** From so few on there is room for a page of the log. */
const fewWaiting = 200;

type Item = Occurrence | TrackedEnvelope<Occurrence>;

/** A feed's deliveries as something to iterate, which is how tRPC's own adapters take a subscription. */
export class FeedQueue implements Sink, AsyncIterable<Item, void, undefined> {
  readonly #userId: string;
  readonly #signal: AbortSignal;
  #feed: Feed | undefined;
  #waiting: Delivery[] = [];
  #failure: { error: unknown } | undefined;
  /** Wakes the reader, or the feed that waits for room. */
  #wakeReader: (() => void) | undefined;
  #wakeFeed: (() => void) | undefined;

  constructor(userId: string, signal: AbortSignal) {
    this.#userId = userId;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  open(feed: Feed): void {
    this.#feed = feed;
    if (this.#signal.aborted) this.#end();
  }

  take(delivery: Delivery): boolean {
    if (this.#waiting.length >= mostWaiting) return false;
    this.#waiting.push(delivery);
    this.#wakeReader?.();
    return true;
  }

  async room(): Promise<void> {
    while (this.#waiting.length > fewWaiting && !this.#signal.aborted) {
      await new Promise<void>((resolve) => (this.#wakeFeed = resolve));
    }
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#wakeReader?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    try {
      while (!this.#signal.aborted) {
        const delivery = this.#waiting.shift();
        if (delivery) {
          this.#wakeFeed?.();
          yield this.#itemOf(delivery);
        } else if (this.#failure) {
          throw this.#failure.error;
        } else {
          await new Promise<void>((resolve) => (this.#wakeReader = resolve));
        }
      }
    } finally {
      this.#end();
    }
  }

  #itemOf(delivery: Delivery): Item {
    const occurrence = delivery.occurrenceFor(this.#userId);
    const { position } = occurrence;
    return position === undefined ? occurrence : tracked(String(position), occurrence);
  }

  #end() {
    this.#feed?.end();
    this.#wakeReader?.();
    this.#wakeFeed?.();
  }
}
