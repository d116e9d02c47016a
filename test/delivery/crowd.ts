import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const entry = join(import.meta.dirname, 'crowd-client.ts');

export interface CrowdOrder {
  do: 'open' | 'look' | 'take latencies' | 'take attempts' | 'tell';
  url: string;
  subs: readonly string[];
  role: 'customer' | 'service';
  /** Who has heard up to here counts as caught up. */
  position?: number;
}

export interface CrowdReport {
  /** How many clients are connected and hear what is said. */
  open: number;
  caughtUp: number;
  /** When each try to connect was made, in milliseconds since 1970. */
  attempts: number[];
  /** From each message's sending to its hearing, in milliseconds. */
  latencies: number[];
  /** The positions that each client heard. */
  heard: number[][];
  /** What clients reported because nobody waits for it. */
  errors: string[];
}

/** Many clients of ours in a process of their own, which can be held up. */
export class Crowd implements AsyncDisposable {
  readonly size: number;
  readonly #child: ChildProcess;
  readonly #order: Omit<CrowdOrder, 'do'>;

  private constructor(order: Omit<CrowdOrder, 'do'>) {
    this.size = order.subs.length;
    this.#order = order;
    this.#child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Connects a client for each user. */
  static async open(url: string, subs: readonly string[], role: CrowdOrder['role']) {
    const crowd = new Crowd({ url, subs, role });
    await crowd.obey('open');
    return crowd;
  }

  /** One order at a time. */
  async obey(what: CrowdOrder['do'], position?: number): Promise<CrowdReport> {
    const answer = once(this.#child, 'message');
    this.#child.send({ ...this.#order, do: what, ...(position !== undefined && { position }) });
    const [report] = await answer;
    return report;
  }

  /** None of its clients reads, answers or does anything else, until `resume`. */
  stop(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.resume();
    this.#child.disconnect();
    await exited;
  }
}
