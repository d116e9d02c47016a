import type { ListenCall } from '../calls.ts';
import type { Delivery } from '../hub/delivery.ts';
import type { Feed, Sink } from '../hub/feed.ts';
import type { Extensions, Request, RequestId } from './message.ts';
import type { Outbox } from './outbox.ts';

/** The connection's side that a subscription belongs to. */
export interface Subscribing {
  readonly userId: string;
  readonly outbox: Outbox;
  readonly extensions: Extensions;
  /** The subscription cannot go on. */
  fail(subscription: Subscription, error: unknown): void;
}

/** A subscription of one connection, from its request until it is stopped. */
export class Subscription implements Sink {
  readonly id: RequestId;
  readonly name: string;
  /** The start of each response to its request. */
  readonly head: string;
  /** The one that its connection made after it. */
  next: Subscription | undefined;
  readonly #owner: Subscribing;
  #feed: Feed | undefined;
  #ended = false;

  constructor(owner: Subscribing, { name }: ListenCall, { id, head }: Request) {
    this.id = id;
    this.name = name;
    this.head = head;
    this.#owner = owner;
  }

  open(feed: Feed): void {
    this.#feed = feed;
    const { outbox, extensions } = this.#owner;
    if (this.#ended) {
      feed.end();
    } else {
      const position =
        extensions.wantsPositions && feed.durable ? `,"position":"${feed.start}"` : '';
      outbox.add(`${this.head},"result":{"type":"started"${position}}}`);
    }
  }

  /** How far it has come, if what it hears has positions. */
  get positions(): { last: number; upTo: number } | undefined {
    return this.#feed?.durable ? this.#feed.positions : undefined;
  }

  /** What is heard live or not at all waits for nobody who reads slowly. */
  take(delivery: Delivery): boolean {
    const { userId, outbox, extensions } = this.#owner;
    if (delivery.happening.position === undefined && !outbox.hasRoom) return false;
    try {
      outbox.add(delivery.messageFor(userId, this.head, extensions.takesShort));
    } catch (error) {
      // What cannot be written is the end of this subscription, and nobody else's trouble.
      this.fail(error);
    }
    return true;
  }

  room(): Promise<void> {
    return this.#owner.outbox.room();
  }

  fail(error: unknown): void {
    this.#owner.fail(this, error);
  }

  end(): void {
    this.#ended = true;
    this.#feed?.end();
  }
}
