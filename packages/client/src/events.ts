import type {
  ListenEventsShape,
  Occurrence,
  Replied,
  SendEventsShape,
} from '@parley/contract/wire';
import type { ListenEvents, SendEvents } from '@parley/contract/types';

import type { Environment } from './environment.ts';
import type { Status } from './status.ts';

/** Called with each occurrence of an event: its data, and the whole of it. */
export type Listener<Name extends string = string, Data = unknown> = (
  data: Data,
  occurrence: Occurrence<Name, Data>,
) => void;

export interface SubscribeOptions {
  /** Its abort takes the listener away. */
  signal?: AbortSignal | undefined;
}

export interface ListenOptions extends SubscribeOptions {
  /** Hear what is durable from after this position on, or from where `cursorOf` said; without one, from where the listeners of the name are, or live. */
  cursor?: string | undefined;
}

export interface SendOptions {
  /** Its abort rejects the send with the signal's reason. What was sent already may have its effect all the same. */
  signal?: AbortSignal | undefined;
  /** Makes a repeated send have one effect; at most 64 characters. Without one, each send has its own. */
  key?: string | undefined;
}

export interface OnceOptions<Name extends string = string, Data = unknown> {
  /** Waits for the first occurrence this is true for. */
  where?: ((data: Data, occurrence: Occurrence<Name, Data>) => boolean) | undefined;
  /** Rejects with `TIMEOUT` after so many milliseconds. */
  timeout?: number | undefined;
  /** Its abort rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A connection to Parley: sends events and listens to them. Every function works without `this`. */
export interface Events<
  Send extends SendEventsShape<Send> = SendEvents,
  Listen extends ListenEventsShape<Listen> = ListenEvents,
> extends AsyncDisposable {
  /**
   * Creates an event and sends it at once. Resolves with the server's reply, rejects with an `EventError`. Sends to one
   * chat go one after another. What a lost connection cuts off is sent again under its key until there is an answer, unless
   * it is ephemeral; while there is no connection, events that are `queueable` wait, and others fail with `DISCONNECTED`.
   */
  send<Name extends keyof Send & string>(
    name: Name,
    data: Send[Name]['data'],
    options?: SendOptions,
  ): Promise<Replied<Send[Name]['reply']>>;

  /**
   * Runs the listener each time the event occurs, until it is unsubscribed. The same listener added twice under one
   * name counts once. Listeners run in the order they were added; one that throws stops no other.
   */
  subscribe<Name extends keyof Listen & string>(
    name: Name,
    listener: Listener<Name, Listen[Name]['data']>,
    options?: ListenOptions,
  ): () => void;

  /** Takes away that listener and no other; without one, all listeners of the name. */
  unsubscribe<Name extends keyof Listen & string>(
    name: Name,
    listener?: Listener<Name, Listen[Name]['data']>,
  ): void;

  /**
   * The place up to which the listeners of a name have heard everything, for a later client to go on from. Undefined while
   * nothing durable is listened to under it.
   */
  cursorOf(name: keyof Listen & string): string | undefined;

  /** The data of the next occurrence. */
  once<Name extends keyof Listen & string>(
    name: Name,
    options?: OnceOptions<Name, Listen[Name]['data']>,
  ): Promise<Listen[Name]['data']>;

  /** Runs the listener for every occurrence heard on any subscribed name, after the listeners of that name. */
  onAny(listener: Listener, options?: SubscribeOptions): () => void;

  readonly status: Status;

  /** Runs the listener each time the status changes. */
  onStatus(listener: (status: Status) => void, options?: SubscribeOptions): () => void;

  /** Whom the token names; undefined before the first connection. */
  readonly userId: string | undefined;

  /** Aborted when everything ends; its reason is what everything that waits rejects with. */
  readonly ended: AbortSignal;

  /** What the client takes from the platform, for what is built upon it. */
  readonly environment: Environment;

  /** Ends everything. What waits for a reply or an occurrence rejects with `DISCONNECTED`. */
  close(): Promise<void>;
}
