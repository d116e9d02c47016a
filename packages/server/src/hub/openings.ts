import { hearingsOf } from '../access/hearing.ts';
import { EventError } from '../event-error.ts';
import type { Transaction } from '../log/log.ts';
import { Feed, type FeedOptions, type Sink, type Sources } from './feed.ts';

/** A feed that is to be opened. */
interface Opening {
  options: FeedOptions;
  sink: Sink;
}

/** What became of it. */
type Opened = { feed: Feed } | { error: unknown };

/** Feeds that one work opens. */
interface Batch {
  openings: Opening[];
  opened: Promise<Opened[]>;
  /** How many works had been handed in with it. */
  handedIn: number;
}

/** The most feeds of one work: what waits behind it waits for all of them. */
const batchSize = 100;

/** Opens feeds. When everybody comes at once, to look for each alone what it may hear costs more than all else of opening it. */
export class Openings {
  readonly #sources: Sources;
  #last: Batch | undefined;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Starts to listen at a definite point of the log's order, after everything that was handed in before. */
  async open(options: FeedOptions, sink: Sink): Promise<Feed> {
    const batch = this.#batch();
    const index = batch.openings.push({ options, sink }) - 1;
    const opened = (await batch.opened)[index];
    if (!opened) throw new EventError('INTERNAL');
    if ('error' in opened) throw opened.error;
    return opened.feed;
  }

  /** The one that was handed in last, while it waits and nothing has been handed in after it. */
  #batch(): Batch {
    const { log } = this.#sources;
    const last = this.#last;
    if (last && last.handedIn === log.handedIn && last.openings.length < batchSize) return last;
    const openings: Opening[] = [];
    const opened = log.read((transaction) => {
      if (this.#last?.openings === openings) this.#last = undefined;
      return this.#openAll(transaction, openings);
    });
    return (this.#last = { openings, opened, handedIn: log.handedIn });
  }

  async #openAll(transaction: Transaction, openings: readonly Opening[]): Promise<Opened[]> {
    const sessions = openings.map(({ options }) => options.session);
    const hearings = await hearingsOf(transaction, sessions);
    const { head } = transaction;
    return openings.map(({ options, sink }, index) => {
      const { after, durable } = options;
      const reason = after && this.#sources.log.reach.refusal(after, head);
      if (reason && durable) return { error: new EventError('RESYNC', { data: { reason } }) };
      return { feed: new Feed(this.#sources, options, sink, hearings[index] ?? [], head) };
    });
  }
}
