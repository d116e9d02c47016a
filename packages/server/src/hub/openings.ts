import { hearingsOf } from '../access/hearing.ts';
import { Batches } from '../batches.ts';
import { EventError } from '../event-error.ts';
import type { Transaction } from '../log/log.ts';
import { Feed, type FeedOptions, type Sink, type Sources } from './feed.ts';

/** A feed that is to be opened. */
interface Opening {
  options: FeedOptions;
  sink: Sink;
}

type Opened = PromiseSettledResult<Feed>;

/** Opens feeds. When everybody comes at once, to look for each alone what it may hear costs more than all else of opening it. */
export class Openings {
  readonly #sources: Sources;
  readonly #together: Batches<Opening, Feed>;
  /** How many works had been handed in with those that are opened together. */
  #handedIn = 0;

  constructor(sources: Sources) {
    const { log } = sources;
    this.#sources = sources;
    this.#together = new Batches({
      most: 100,
      work(openings, close) {
        return log.read((transaction) => {
          close();
          return openAll(sources, transaction, openings);
        });
      },
    });
  }

  /** Starts to listen at a definite point of the log's order, after everything that was handed in before. */
  open(options: FeedOptions, sink: Sink): Promise<Feed> {
    const { log } = this.#sources;
    if (log.handedIn !== this.#handedIn) this.#together.close();
    const opened = this.#together.add({ options, sink });
    this.#handedIn = log.handedIn;
    return opened;
  }
}

async function openAll(
  sources: Sources,
  transaction: Transaction,
  openings: readonly Opening[],
): Promise<Opened[]> {
  const sessions = openings.map(({ options }) => options.session);
  const hearings = await hearingsOf(transaction, sessions);
  const { head } = transaction;
  return openings.map(({ options, sink }, index): Opened => {
    const { after, durable } = options;
    const reason = after && sources.log.reach.refusal(after, head);
    if (reason && durable) {
      return { status: 'rejected', reason: new EventError('RESYNC', { data: { reason } }) };
    }
    const feed = new Feed(sources, options, sink, hearings[index] ?? [], head);
    return { status: 'fulfilled', value: feed };
  });
}
