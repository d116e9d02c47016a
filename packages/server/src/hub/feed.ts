import type { Happening, HeardTopic, Hearing, Log, Snapshot } from '../log/log.ts';
import { replay } from '../log/replay.ts';
import { Delivery } from './delivery.ts';
import type { Hub, Subscriber } from './hub.ts';

/** How many occurrences one read of the log brings. */
const pageSize = 200;

/** Where a feed's deliveries go. */
export interface Sink {
  /** The feed is open: from here on nothing is missed, and deliveries come. */
  open(feed: Feed): void;
  /** Takes a delivery after all before it, unless there is no place for one that is live. */
  take(delivery: Delivery): boolean;
  /** Resolves when there is room for many more. */
  room(): Promise<void>;
  /** The log cannot be read; no more deliveries come. */
  fail(error: unknown): void;
}

export interface FeedOptions {
  log: Log;
  hub: Hub;
  name: string;
  userId: string;
  /** What the user may hear, now and up to where in chats since left. */
  hearing(snapshot: Snapshot): Promise<Hearing>;
  chatId?: string | undefined;
  /** Start after this position; live when undefined. */
  after?: number | undefined;
}

/**
 * One subscription: first the log after the starting position, then what happens live, each occurrence once and in order.
 * A sink that cannot keep up hears what is durable from the log again later; what is ephemeral passes by.
 */
export class Feed implements Subscriber {
  readonly topics: 'all' | Set<string>;
  readonly #options: FeedOptions;
  readonly #sink: Sink;
  /** The position up to which everything is handed over. */
  #cursor: number;
  /** The newest position to read from the log. */
  #upTo: number;
  #replaying = false;
  #ended = false;

  private constructor(options: FeedOptions, sink: Sink, hearing: Hearing, head: number) {
    this.#options = options;
    this.#sink = sink;
    this.topics = hearing === 'all' ? 'all' : new Set(currentTopics(hearing));
    this.#cursor = options.after ?? head;
    this.#upTo = head;
    options.hub.subscribe(this);
    sink.open(this);
    this.#catchUp();
  }

  /** Starts to listen at a definite point of the log's order, so that no change of what may be heard is missed. */
  static open(options: FeedOptions, sink: Sink): Promise<Feed> {
    return options.log.read(
      async (snapshot) => new Feed(options, sink, await options.hearing(snapshot), snapshot.head),
    );
  }

  get name(): string {
    return this.#options.name;
  }

  get userId(): string {
    return this.#options.userId;
  }

  get chatId(): string | undefined {
    return this.#options.chatId;
  }

  hear(delivery: Delivery): void {
    const { position } = delivery.happening;
    if (position === undefined) {
      this.#sink.take(delivery);
    } else if (position > this.#cursor) {
      if (!this.#replaying && this.#sink.take(delivery)) {
        this.#cursor = position;
      } else {
        this.#upTo = position;
        this.#catchUp();
      }
    }
  }

  end(): void {
    this.#ended = true;
    this.#options.hub.unsubscribe(this);
  }

  #catchUp() {
    if (this.#replaying || this.#cursor >= this.#upTo) return;
    this.#replaying = true;
    this.#replay().catch((error: unknown) => {
      if (this.#ended) return;
      this.end();
      this.#sink.fail(error);
    });
  }

  async #replay() {
    while (!this.#ended && this.#cursor < this.#upTo) {
      await this.#sink.room();
      if (this.#ended) return;
      const upTo = this.#upTo;
      const page = await this.#read(upTo);
      for (const happening of page) {
        if (this.#ended) return;
        this.#cursor = happening.position ?? this.#cursor;
        this.#sink.take(new Delivery(happening));
      }
      if (page.length < pageSize) this.#cursor = upTo;
    }
    this.#replaying = false;
  }

  #read(upTo: number): Promise<Happening[]> {
    const { log, name, chatId, hearing } = this.#options;
    return log.read(async (snapshot) => {
      const query = { name, chatId, after: this.#cursor, upTo, limit: pageSize };
      return replay(snapshot, { ...query, topics: await hearing(snapshot) });
    });
  }
}

function currentTopics(hearing: readonly HeardTopic[]): string[] {
  return hearing.filter(({ untilSeq }) => untilSeq === undefined).map(({ topic }) => topic);
}
