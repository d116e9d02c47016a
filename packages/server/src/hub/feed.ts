import type { Occurrence } from '@parley/contract';
import { tracked, type TrackedEnvelope } from '@trpc/server';

import type { Happening, HeardTopic, Hearing, Log, Snapshot } from '../log/log.ts';
import { replay } from '../log/replay.ts';
import type { Hub } from './hub.ts';

/** How many occurrences one read of the log brings. */
const pageSize = 200;

/** The most live occurrences that wait for a reader; beyond it they are read from the log again, or dropped when ephemeral. */
const waitingLimit = 10_000;

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
  signal: AbortSignal;
}

type Wire = Occurrence | TrackedEnvelope<Occurrence>;

/**
 * One subscription: first the log after the starting position, then what happens live, each occurrence once.
 * It listens from the moment it is made, whether or not it is iterated yet.
 */
export class Feed implements AsyncIterable<Wire, void, undefined> {
  readonly #options: FeedOptions;
  readonly #subscription: Disposable;
  /** The position up to which everything is handed over. */
  #cursor: number;
  /** The newest position to read from the log. */
  #upTo: number;
  #waiting: Happening[] = [];
  #wake: (() => void) | undefined;

  private constructor(options: FeedOptions, hearing: Hearing, head: number) {
    const { hub, name, userId, chatId, after, signal } = options;
    this.#options = options;
    this.#cursor = after ?? head;
    this.#upTo = head;
    this.#subscription = hub.subscribe({
      name,
      userId,
      topics: hearing === 'all' ? 'all' : new Set(currentTopics(hearing)),
      chatId,
      deliver: (happening) => this.#hear(happening),
    });
    signal.addEventListener('abort', () => this.#end(), { once: true });
    if (signal.aborted) this.#end();
  }

  /** Starts to listen at a definite point of the log's order, so that no change of what may be heard is missed. */
  static async open(options: FeedOptions): Promise<Feed> {
    let feed: Feed | undefined;
    try {
      return await options.log.read(async (snapshot) => {
        const hearing = await options.hearing(snapshot);
        return (feed = new Feed(options, hearing, snapshot.head));
      });
    } catch (error) {
      if (feed) feed.#end();
      throw error;
    }
  }

  #hear(happening: Happening) {
    if (happening.position !== undefined && happening.position <= this.#upTo) return;
    if (this.#waiting.length >= waitingLimit) {
      const newest = Math.max(this.#upTo, ...this.#waiting.map(({ position = 0 }) => position));
      this.#upTo = Math.max(newest, happening.position ?? 0);
      this.#waiting = [];
    } else {
      this.#waiting.push(happening);
    }
    this.#wake?.();
  }

  #end() {
    this.#subscription[Symbol.dispose]();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Wire, void, undefined> {
    const { signal } = this.#options;
    try {
      while (!signal.aborted) {
        if (this.#cursor < this.#upTo) {
          yield* this.#replay();
          continue;
        }
        const next = this.#waiting.shift();
        if (next) {
          this.#cursor = next.position ?? this.#cursor;
          this.#upTo = this.#cursor;
          yield this.#toWire(next);
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      this.#end();
    }
  }

  async *#replay() {
    const { log, name, chatId, hearing } = this.#options;
    const upTo = this.#upTo;
    const page = await log.read(async (snapshot) => {
      const query = { name, chatId, after: this.#cursor, upTo, limit: pageSize };
      return replay(snapshot, { ...query, topics: await hearing(snapshot) });
    });
    for (const happening of page) {
      this.#cursor = happening.position ?? this.#cursor;
      yield this.#toWire(happening);
    }
    if (page.length < pageSize) this.#cursor = upTo;
  }

  #toWire(happening: Happening): Wire {
    const { name, position, seq, chatId, at, by, data } = happening;
    const occurrence: Occurrence = { name, at: new Date(at), by, data };
    if (position !== undefined) occurrence.position = position;
    if (seq !== undefined) occurrence.seq = seq;
    if (chatId !== undefined) occurrence.chatId = chatId;
    // Only the sender can know the key, and only the sender has a use for it.
    if (happening.cause !== undefined && by.id === this.#options.userId) {
      occurrence.cause = happening.cause;
    }
    return position === undefined ? occurrence : tracked(String(position), occurrence);
  }
}

function currentTopics(hearing: readonly HeardTopic[]): string[] {
  return hearing.filter(({ untilSeq }) => untilSeq === undefined).map(({ topic }) => topic);
}
