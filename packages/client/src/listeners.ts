export interface ListenersOptions {
  /** Gets what a listener throws. */
  report(error: unknown): void;
  /** The last listener has gone. */
  onEmpty?(): void;
}

/** Functions to call, in the order they were added, each once. */
export class Listeners<Arguments extends unknown[]> {
  readonly #options: ListenersOptions;
  /** A listener stays until its controller is aborted. */
  readonly #stays = new Map<(...values: Arguments) => void, AbortController>();
  /** The same, as they are called; undefined after one has come or gone. */
  #called: [(...values: Arguments) => void, AbortController][] | undefined;

  constructor(options: ListenersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#stays.size;
  }

  has(listener: (...values: Arguments) => void): boolean {
    return this.#stays.has(listener);
  }

  /** Adds the listener unless it is there, and returns what removes it. */
  add(listener: (...values: Arguments) => void, signal?: AbortSignal): () => void {
    if (signal?.aborted) return () => {};
    const stay = this.#stays.get(listener) ?? this.#begin(listener);
    const end = () => stay.abort();
    signal?.addEventListener('abort', end, { signal: stay.signal });
    return end;
  }

  /** Takes the listener away; without one, all. */
  remove(listener?: (...values: Arguments) => void): void {
    for (const [each, stay] of [...this.#stays]) {
      if (!listener || each === listener) stay.abort();
    }
  }

  /** Calls those that are there now. One removed by another's call is not called any more. */
  call(...values: Arguments): void {
    this.#called ??= [...this.#stays];
    for (const [listener, { signal }] of this.#called) {
      if (signal.aborted) continue;
      try {
        listener(...values);
      } catch (error) {
        this.#options.report(error);
      }
    }
  }

  #begin(listener: (...values: Arguments) => void): AbortController {
    const stay = new AbortController();
    stay.signal.addEventListener('abort', () => {
      this.#stays.delete(listener);
      this.#called = undefined;
      if (this.#stays.size === 0) this.#options.onEmpty?.();
    });
    this.#stays.set(listener, stay);
    this.#called = undefined;
    return stay;
  }
}
