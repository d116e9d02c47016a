import type { ListenEventsShape, Occurrence } from '@parley/contract/wire';

import type { Environment } from './environment.ts';
import { Subscription } from './subscription.ts';
import type { Transport } from './transport.ts';

export interface SubscriptionsOptions<Listen extends ListenEventsShape<Listen>> {
  listen: Transport<never, Listen>['listen'];
  /** The position to start after; live without one. */
  cursor: string | undefined;
  environment: Environment;
  /** Hears every occurrence after the listeners of its name. */
  onHeard(occurrence: Occurrence): void;
  /** What one of them has missed cannot be had. */
  onResync(reason: string): void;
  /** From here on one of them misses nothing. */
  onBegun(): void;
}

/** The subscriptions of a connection, one per event name. */
export class Subscriptions<Listen extends ListenEventsShape<Listen>> {
  readonly #options: SubscriptionsOptions<Listen>;
  readonly #byName: {
    [Name in keyof Listen & string]?: Subscription<Name, Listen[Name]['data']>;
  } = {};
  readonly #all: { start(): void; remove(): void }[] = [];

  constructor(options: SubscriptionsOptions<Listen>) {
    this.#options = options;
  }

  of<Name extends keyof Listen & string>(name: Name): Subscription<Name, Listen[Name]['data']> {
    return (this.#byName[name] ??= this.#begin(name));
  }

  /** Starts what was refused or ended before; a new connection may bring a token that may hear more. */
  start(): void {
    for (const subscription of this.#all) subscription.start();
  }

  /** Takes every listener away. */
  clear(): void {
    for (const subscription of this.#all) subscription.remove();
  }

  #begin<Name extends keyof Listen & string>(name: Name) {
    const { listen, ...options } = this.#options;
    const subscription = new Subscription<Name, Listen[Name]['data']>({
      ...options,
      listen: (hearer) => listen(name, hearer),
    });
    this.#all.push(subscription);
    return subscription;
  }
}
