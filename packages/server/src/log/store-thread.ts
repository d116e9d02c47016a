import { Worker } from 'node:worker_threads';

import type { Statement } from './draft.ts';
import { type Run, runsOf } from './runs.ts';

/** What the thread does at once, and answers when it is done. */
export type Order = { kind: 'commit'; runs: Run[] } | { kind: 'checkpoint' };

/** How many milliseconds a commit took; or why an order was not carried out, and then nothing of it happened. */
export type Answer = { took: number } | { failure: { message: string; code: unknown } };

/** A thread with a connection of its own to a SQLite file, so that nobody else waits for the disk. */
export class StoreThread implements AsyncDisposable {
  readonly #file: string;
  readonly #over = new AbortController();
  #worker: Worker | undefined;
  #isReady = false;
  #doing: Promise<number> | undefined;
  #awaited: PromiseWithResolvers<Answer> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Whether it can take an order. Asked for the first time, it starts, which takes a while. */
  get isFree(): boolean {
    this.#worker ??= this.#start();
    return this.#isReady && this.#doing === undefined;
  }

  /** Runs the statements in a transaction; resolves when it is on stable storage to how many milliseconds the commit took. */
  commit(statements: readonly Statement[]): Promise<number> {
    return this.#order({ kind: 'commit', runs: runsOf(statements) });
  }

  /** Brings what is written ahead to where it belongs, as far as others let it. */
  async checkpoint(): Promise<void> {
    await this.#order({ kind: 'checkpoint' });
  }

  async [Symbol.asyncDispose]() {
    await this.#doing?.catch(() => undefined);
    await this.#worker?.terminate();
  }

  #order(order: Order): Promise<number> {
    this.#doing = this.#carryOut(order).finally(() => (this.#doing = undefined));
    return this.#doing;
  }

  async #carryOut(order: Order) {
    this.#over.signal.throwIfAborted();
    this.#worker ??= this.#start();
    this.#awaited = Promise.withResolvers();
    this.#worker.postMessage(order);
    const answer = await this.#awaited.promise;
    if ('took' in answer) return answer.took;
    const { message, code } = answer.failure;
    throw Object.assign(new Error(message), { code });
  }

  #start(): Worker {
    const entry = new URL('store-thread-entry.ts', import.meta.url);
    const worker = new Worker(entry, { workerData: this.#file });
    worker.unref();
    worker.once('online', () => (this.#isReady = true));
    worker.on('message', (answer: Answer) => this.#awaited?.resolve(answer));
    worker.on('error', (cause) => this.#end(cause));
    worker.once('exit', () => this.#end());
    return worker;
  }

  #end(cause?: unknown) {
    this.#isReady = false;
    this.#over.abort(cause);
    this.#awaited?.reject(this.#over.signal.reason);
  }
}
