import type { ListenInput, Occurrence } from '@parley/contract';

import { retryDelay } from './backoff.ts';
import type { Environment } from './environment.ts';
import type { EventError } from './errors.ts';
import type { ListenOptions, Listener } from './events.ts';
import { Listeners } from './listeners.ts';
import type { Hearer } from './transport.ts';

export interface SubscriptionOptions<Name extends string, Data> {
  /** Starts the wire subscription and returns what stops it. */
  listen(hearer: Hearer<Name, Data>): () => void;
  /** The position to start after; live without one. */
  cursor: string | undefined;
  environment: Environment;
  /** Hears every occurrence after the listeners. */
  onHeard(occurrence: Occurrence<Name, Data>): void;
  /** What was missed cannot be had. */
  onResync(reason: string): void;
  /** From here on nothing is missed. */
  onBegun(): void;
}

/** The listeners of one event, and the one wire subscription they share while there are any. */
export class Subscription<Name extends string, Data> implements Hearer<Name, Data> {
  readonly #options: SubscriptionOptions<Name, Data>;
  readonly #listeners: Listeners<[data: Data, occurrence: Occurrence<Name, Data>]>;
  /** The position up to which the listeners have heard everything. */
  #cursor: number | undefined;
  /** Of the server's log when the cursor was right. */
  #epoch: string | undefined;
  /** Stops the wire subscription, or the wait for its next try. */
  #stop: (() => void) | undefined;
  #failures = 0;

  constructor(options: SubscriptionOptions<Name, Data>) {
    this.#options = options;
    this.#goTo(options.cursor);
    this.#listeners = new Listeners({
      report: options.environment.report,
      onEmpty: () => this.#end(),
    });
  }

  add(listener: Listener<Name, Data>, { signal, cursor }: ListenOptions = {}): () => void {
    const first = this.#listeners.size === 0;
    const remove = this.#listeners.add(listener, signal);
    // What came while nobody listened is wanted only by those who say where to start.
    if (first && this.#options.cursor === undefined) this.#goTo(cursor);
    this.start();
    return remove;
  }

  remove(listener: Listener<Name, Data>): void {
    this.#listeners.remove(listener);
  }

  clear(): void {
    this.#listeners.clear();
  }

  /** Starts the wire subscription where the last one ended, if it is needed and not there. */
  start(): void {
    if (this.#stop || this.#listeners.size === 0) return;
    this.#stop = this.#options.listen(this);
  }

  /** Where another subscription goes on from; undefined as long as it would be live. */
  get cursor(): string | undefined {
    if (this.#cursor === undefined) return undefined;
    return this.#epoch === undefined ? `${this.#cursor}` : `${this.#cursor}@${this.#epoch}`;
  }

  input(): ListenInput {
    const { cursor } = this;
    return cursor === undefined ? {} : { lastEventId: cursor };
  }

  /** From here on a lost connection loses nothing, though nothing was heard yet. */
  begin(position: string | undefined): void {
    const known = this.#cursor;
    if (position !== undefined) this.#goTo(position);
    this.#cursor = known ?? this.#cursor;
    this.#options.onBegun();
  }

  /** Whoever has not heard the last that was sent asks again for all after what was heard. */
  progress(last: string, upTo: string): void {
    const heard = this.#cursor ?? Number(last);
    if (Number(last) > heard) {
      this.#end();
      this.start();
    } else if (Number(upTo) > heard) {
      this.#cursor = Number(upTo);
    }
  }

  hear(occurrence: Occurrence<Name, Data>): void {
    const { position, data } = occurrence;
    if (position !== undefined && position <= (this.#cursor ?? -1)) return;
    this.#failures = 0;
    this.#listeners.call(data, occurrence);
    this.#options.onHeard(occurrence);
    if (position !== undefined) this.#cursor = position;
  }

  fail(error: EventError): void {
    this.#stop = undefined;
    if (error.code === 'RESYNC') this.#startAnew(error);
    else if (error.retryable) this.#retry(error.retryAfterMs);
    // That the token is refused is told by the status.
    else if (error.code !== 'UNAUTHORIZED') this.#options.environment.report(error);
  }

  #retry(retryAfterMs: number | undefined) {
    const { random, scheduler } = this.#options.environment;
    const wait = retryDelay(retryAfterMs, this.#failures, random);
    this.#failures += 1;
    this.#stop = scheduler.after(wait, () => {
      this.#stop = undefined;
      this.start();
    });
  }

  /** What was missed cannot be had; from now on nothing is. */
  #startAnew({ data }: EventError) {
    this.#goTo(undefined);
    this.#options.onResync(String(Object(data).reason));
    this.start();
  }

  #goTo(cursor: string | undefined) {
    const [position, epoch] = cursor?.split('@') ?? [];
    this.#cursor = position === undefined ? undefined : Number(position);
    this.#epoch = epoch;
  }

  #end() {
    this.#stop?.();
    this.#stop = undefined;
  }
}
