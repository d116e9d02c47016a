import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const entry = join(import.meta.dirname, 'offering-process.ts');

export interface Crew {
  url: string;
  token: string;
  /** A chat for each connection to speak in. */
  chatIds: readonly string[];
  /** For how many people each connection speaks. */
  peopleOfEach: number;
}

export type OfferingOrder =
  | ({ do: 'open' } & Crew)
  /** Each time a send is answered comes the next. */
  | { do: 'take turns'; atOnce: number; milliseconds: number }
  /** Sends come up by the clock, whatever came of those before. Who was told to wait holds them back for so long, as clients of ours do. */
  | { do: 'offer'; perSecond: number; milliseconds: number };

/** What came of one send. */
export interface Offer {
  /** When it came up, in milliseconds since the order. */
  at: number;
  /** How long its answer took, in milliseconds; 0 when it was not sent. */
  took: number;
  outcome: 'done' | 'refused' | 'held back';
}

export interface OfferingReport {
  offers: Offer[];
  /** Refusals that are none of overload. */
  errors: string[];
  /** What the server has closed connections with. */
  closed: number[];
}

/** Many people, some behind each connection, in a process of their own, which costs much less than the server that it keeps busy. */
export class Offering implements AsyncDisposable {
  readonly #child: ChildProcess = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

  /** One order at a time. */
  async obey(order: OfferingOrder): Promise<OfferingReport> {
    const answer = once(this.#child, 'message');
    this.#child.send(order);
    const [report] = await answer;
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
