import { Counts } from './counts.ts';
import { Distribution } from './distribution.ts';

/**
 * What happens on a server, counted where it happens in plain numbers: nothing is computed from them until somebody asks
 * for metrics. docs/operating.md says what each is for.
 */
export class Tally {
  /** Connections that are open now, by the role of their users. */
  readonly connections = new Counts();
  /** By how they ended, `ok` or the code of the refusal; of each event. */
  readonly #sends = new Map<string, Counts>();
  /** Occurrences handed to subscriptions as they happened, and from the log. */
  readonly deliveries = { live: 0, replay: 0 };
  /** Works in a commit, and how long it took, in seconds. */
  readonly commitSizes = new Distribution([1, 2, 4, 8, 16, 32, 64, 128, 256]);
  readonly commitSeconds = new Distribution([
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2,
  ]);
  /** Commits that the store did not take. */
  failedCommits = 0;
  /** What was refused or cut off because of a limit, by the name of the limit. */
  readonly limits = new Counts();
  /** Sends of and subscriptions to deprecated events. */
  readonly deprecated = new Counts();

  /** How sends of one event ended; the same object each time. */
  sendsOf(event: string): Counts {
    let counts = this.#sends.get(event);
    if (!counts) this.#sends.set(event, (counts = new Counts()));
    return counts;
  }

  /** Starts the time of a commit; what it returns ends it, with the number of its works. */
  beginCommit(): (works: number) => void {
    const start = performance.now();
    return (works) => {
      this.commitSizes.add(works);
      this.commitSeconds.add((performance.now() - start) / 1000);
    };
  }

  get sends(): Iterable<[event: string, outcomes: Counts]> {
    return this.#sends;
  }
}
