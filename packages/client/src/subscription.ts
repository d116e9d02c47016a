import type { ListenInput, Occurrence } from '@parley/contract/wire';

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

/**
 * The listeners of one event, and the one wire subscription they share while there are any. Who comes later and wants to hear what
 * they have heard before gets one behind it.
 */
export class Subscription<Name extends string, Data> implements Hearer<Name, Data> {
  readonly #options: SubscriptionOptions<Name, Data>;
  readonly #listeners: Listeners<[data: Data, occurrence: Occurrence<Name, Data>]>;
  /** Of those who came later. */
  #behind: Subscription<Name, Data> | undefined;
  /** The position up to which the listeners have heard everything. */
  #cursor: number | undefined;
  /** Of the server's log when the cursor was right; none when the cursor does not say. */
  #epoch: readonly string[] = [];
  /** Stops the wire subscription, or the wait for its next try. */
  #stop: (() => void) | undefined;
  #failures = 0;

  constructor(options: SubscriptionOptions<Name, Data>) {
    this.#options = options;
    this.#goTo(options.cursor);
    this.#listeners = new Listeners({
      report: options.environment.report,
      onEmpty: () => {
        this.#end();
        // What comes while nobody listens is wanted only by those who say where to start.
        if (options.cursor === undefined) this.#goTo(undefined);
      },
    });
  }

  add(listener: Listener<Name, Data>, options: ListenOptions = {}): () => void {
    const { signal, cursor } = options;
    const isFirst = this.#listeners.size === 0 && this.#options.cursor === undefined;
    const missesNothing =
      isFirst ||
      cursor === undefined ||
      this.#listeners.has(listener) ||
      Number(this.#cursor) <= Number.parseInt(cursor);
    if (!missesNothing || this.#behind?.has(listener)) {
      this.#behind ??= new Subscription({
        ...this.#options,
        cursor: undefined,
        // What both hear is told once.
        onHeard: (occurrence) => this.#listeners.size || this.#options.onHeard(occurrence),
      });
      return this.#behind.add(listener, options);
    }
    const remove = this.#listeners.add(listener, signal);
    if (isFirst) this.#goTo(cursor);
    this.start();
    return remove;
  }

  has(listener: Listener<Name, Data>): boolean | undefined {
    return this.#listeners.has(listener) || this.#behind?.has(listener);
  }

  /** Takes the listener away; without one, all. */
  remove(listener?: Listener<Name, Data>): void {
    this.#listeners.remove(listener);
    this.#behind?.remove(listener);
  }

  /** Starts the wire subscription where the last one ended, if it is needed and not there. */
  start(): void {
    this.#behind?.start();
    if (this.#stop || this.#listeners.size === 0) return;
    this.#stop = this.#options.listen(this);
  }

  /** Up to where all of them have heard everything. */
  get place(): string | undefined {
    return this.#behind?.place ?? this.cursor;
  }

  /** Where another subscription goes on from; undefined as long as it would be live. */
  get cursor(): string | undefined {
    return this.#cursor === undefined ? undefined : [this.#cursor, ...this.#epoch].join('@');
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
  progress(last: number, upTo: number): void {
    const heard = this.#cursor ?? last;
    if (last > heard) {
      this.#end();
      this.start();
    } else {
      this.#cursor = Math.max(heard, upTo);
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
    const [position, ...epoch] = cursor?.split('@') ?? [];
    this.#cursor = position === undefined ? undefined : Number(position);
    this.#epoch = epoch;
  }

  #end() {
    this.#stop?.();
    this.#stop = undefined;
  }
}
