import { hearingOf, isFor } from '../access/hearing.ts';
import { userOfTopic } from '../access/audience.ts';
import type { Session } from '../access/session.ts';
import { EventError } from '../event-error.ts';
import type { Happening, HeardTopic, Hearing, Log } from '../log/log.ts';
import type { Tally } from '../observe/tally.ts';
import type { Cursor } from '../log/reach.ts';
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

/** What feeds of all subscriptions share. */
export interface Sources {
  log: Log;
  hub: Hub;
  tally: Tally;
}

export interface FeedOptions {
  name: string;
  /** Whether its occurrences are in the log. */
  durable: boolean;
  session: Session;
  /** Only what happens in this chat. */
  chatId: string | undefined;
  /** Start after it; live when undefined. */
  after: Cursor | undefined;
}

/**
 * One subscription: first the log after the starting position, then what happens live, each occurrence once and in order.
 * A sink that cannot keep up hears what is durable from the log again later; what is ephemeral passes by.
 */
export class Feed implements Subscriber {
  readonly name: string;
  readonly durable: boolean;
  readonly chatId: string | undefined;
  topics: 'all' | readonly string[];
  readonly #sources: Sources;
  readonly #session: Session;
  readonly #sink: Sink;
  /** The position of the last delivery, or where it started. */
  #last: number;
  /** The position up to which everything is handed over. */
  #cursor: number;
  /** The newest position to read from the log. */
  #upTo: number;
  #replaying = false;
  #ended = false;

  /** Listens from here on: to be made at a definite point of the log's order, so that no change of what may be heard is missed. */
  constructor(
    sources: Sources,
    { name, durable, session, chatId, after }: FeedOptions,
    sink: Sink,
    hearing: Hearing,
    head: number,
  ) {
    this.name = name;
    this.durable = durable;
    this.chatId = chatId;
    this.topics = hearing === 'all' ? 'all' : currentTopics(hearing);
    this.#sources = sources;
    this.#session = session;
    this.#sink = sink;
    this.#last = after ? Math.max(after.position, sources.log.reach.horizon) : head;
    this.#cursor = this.#last;
    this.#upTo = head;
    sources.hub.subscribe(this);
    sink.open(this);
    this.#catchUp();
  }

  /** The position of the last delivery, or where it started; and the one up to which there is nothing more to deliver. */
  get positions(): { last: number; upTo: number } {
    const upTo = this.#replaying ? this.#cursor : Math.max(this.#cursor, this.#sources.log.head);
    return { last: this.#last, upTo };
  }

  /** Where it starts, for whoever comes back; in this store alone. */
  get start(): string {
    return `${this.#last}@${this.#sources.log.reach.epoch}`;
  }

  get userId(): string {
    return this.#session.user.id;
  }

  mayHear(topic: string): boolean {
    return isFor(this.#session, topic);
  }

  hear(delivery: Delivery): void {
    const { position } = delivery.happening;
    if (position === undefined) {
      if (this.#sink.take(delivery)) this.#sources.tally.deliveries.live += 1;
    } else if (position > this.#cursor) {
      if (!this.#replaying && this.#sink.take(delivery)) {
        this.#sources.tally.deliveries.live += 1;
        this.#last = position;
        this.#cursor = position;
      } else {
        this.#upTo = position;
        this.#catchUp();
      }
    }
  }

  end(): void {
    this.#ended = true;
    this.#sources.hub.unsubscribe(this);
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
        this.#last = this.#cursor;
        this.#sink.take(new Delivery(happening));
      }
      this.#sources.tally.deliveries.replay += page.length;
      if (page.length < pageSize) this.#cursor = upTo;
    }
    this.#replaying = false;
  }

  #read(upTo: number): Promise<Happening[]> {
    const { name, chatId } = this;
    return this.#sources.log.read(async (snapshot) => {
      // Whoever reads slowly may find that what comes next is not kept any more.
      if (this.#cursor < this.#sources.log.reach.horizon) {
        throw new EventError('RESYNC', { data: { reason: 'retention' } });
      }
      const topics = await hearingOf(snapshot, this.#session);
      const query = { name, chatId, after: this.#cursor, upTo, topics, limit: pageSize };
      return replay(snapshot, query);
    });
  }
}

/** The user's own is left out, for the hub knows whose feed it is. */
function currentTopics(hearing: readonly HeardTopic[]): string[] {
  return hearing
    .filter(({ topic, untilSeq }) => untilSeq === undefined && userOfTopic(topic) === undefined)
    .map(({ topic }) => topic);
}
