import type { Delivery } from '../hub/delivery.ts';
import type { Feed, Sink } from '../hub/feed.ts';
import type { Outbox } from './outbox.ts';

export interface SubscriptionOptions {
  /** The start of each response to its request. */
  head: string;
  userId: string;
  outbox: Outbox;
  onFail(error: unknown): void;
}

/** A subscription of one connection, from its request until it is stopped. */
export class Subscription implements Sink {
  readonly #options: SubscriptionOptions;
  #feed: Feed | undefined;
  #ended = false;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  get head(): string {
    return this.#options.head;
  }

  open(feed: Feed): void {
    this.#feed = feed;
    if (this.#ended) {
      feed.end();
      return;
    }
    const { head, outbox } = this.#options;
    outbox.add(`${head},"result":{"type":"started"}}`);
  }

  /** What is heard live or not at all waits for nobody who reads slowly. */
  take(delivery: Delivery): boolean {
    const { head, userId, outbox } = this.#options;
    if (delivery.happening.position === undefined && !outbox.hasRoom) return false;
    try {
      outbox.add(delivery.frameFor(userId, head));
    } catch (error) {
      // What cannot be written is the end of this subscription, and nobody else's trouble.
      this.fail(error);
    }
    return true;
  }

  room(): Promise<void> {
    return this.#options.outbox.room();
  }

  fail(error: unknown): void {
    this.#options.onFail(error);
  }

  end(): void {
    this.#ended = true;
    this.#feed?.end();
  }
}
