import type { SubscribeOptions } from '../events.ts';
import { Listeners, type ListenersOptions } from '../listeners.ts';
import { firstOf } from '../first-of.ts';

export interface NamedListenersOptions extends ListenersOptions {
  /** Its abort takes every listener away, and no more are added. */
  life: AbortSignal;
}

/** Listeners by the name of what they listen to. */
export class NamedListeners<Events> {
  readonly #options: NamedListenersOptions;
  readonly #byName: { [Name in keyof Events]?: Listeners<[data: Events[Name]]> } = {};

  constructor(options: NamedListenersOptions) {
    this.#options = options;
  }

  /** Adds the listener unless it is there, and returns what removes it. */
  readonly add = <Name extends keyof Events>(
    name: Name,
    listener: (data: Events[Name]) => void,
    { signal }: SubscribeOptions = {},
  ): (() => void) => {
    const { life } = this.#options;
    const listeners = (this.#byName[name] ??= new Listeners(this.#options));
    return listeners.add(listener, firstOf(life, signal));
  };

  readonly emit = <Name extends keyof Events>(name: Name, data: Events[Name]): void => {
    if (!this.#options.life.aborted) this.#byName[name]?.call(data);
  };
}
