import type {
  ListenEventsShape,
  ListenInput,
  Occurrence,
  Replied,
  SendEventsShape,
  SendInput,
} from '@parley/contract/wire';

import { ConnectionLost, Refused, Unreadable } from './connection/answer.ts';
import { ask } from './connection/ask.ts';
import { Connection } from './connection/connection.ts';
import type { Environment } from './environment.ts';
import { disconnected, EventError, unreadable } from './errors.ts';
import type { Status } from './status.ts';
import { subjectOf } from './token.ts';

/** Carries sends and occurrences over a connection that comes back by itself. */
export interface Transport<
  Send extends SendEventsShape<Send>,
  Listen extends ListenEventsShape<Listen>,
> {
  /** Writes a send as it goes over the wire. Throws an `EventError` when it cannot be written. */
  write<Name extends keyof Send & string>(name: Name, input: SendInput<Send[Name]['data']>): string;
  /** Sends what was written, now or over the next connection. Returns what takes it back. */
  send<Name extends keyof Send & string>(
    name: Name,
    message: string,
    sender: Sender<Replied<Send[Name]['reply']>>,
  ): () => void;
  /** Starts a wire subscription, which a lost connection only interrupts. Returns what stops it. */
  listen<Name extends keyof Listen & string>(
    name: Name,
    hearer: Hearer<Name, Listen[Name]['data']>,
  ): () => void;
  /** Whom the newest token names. */
  readonly userId: string | undefined;
  /** Sends and hears nothing from now on; whoever waits for a reply is rejected with the reason. */
  close(reason: EventError): void;
}

/** The near end of a send. */
export interface Sender<Reply> {
  /** Whether it fails when there is no connection, and does not wait for one. */
  readonly isImpatient: boolean;
  reply(reply: Reply): void;
  /** The cause of `DISCONNECTED` is a `ConnectionLost`, which says whether the server may have got it. */
  fail(error: EventError): void;
}

/** The near end of a wire subscription. */
export interface Hearer<Name extends string, Data> {
  /** Where to start; asked for again on each new connection. */
  input(): ListenInput;
  /** The server has begun; with what is durable after this position. */
  begin(position: string | undefined): void;
  hear(occurrence: Occurrence<Name, Data>): void;
  /** The last occurrence that was sent is at this position, and up to that one there is nothing more. */
  progress(last: number, upTo: number): void;
  /** The server refused or ended it. */
  fail(error: EventError): void;
}

export interface TransportOptions {
  url: string;
  token(): Promise<string>;
  WebSocket?: typeof WebSocket | undefined;
  environment: Environment;
  onStatus(status: Status): void;
}

/** A transport over a connection of ours. What events are on the wire is said in this file. */
export function createTransport<
  Send extends SendEventsShape<Send>,
  Listen extends ListenEventsShape<Listen>,
>(options: TransportOptions): Transport<Send, Listen> {
  const connection = new Connection(options);

  return {
    write: (name, input) => ask('mutation', `send.${name}`, input),
    send: (name, message, sender) =>
      connection.call({
        subscribes: false,
        isImpatient: sender.isImpatient,
        ask: () => message,
        // The router is typed by the same contract, and the server checks data by its schemas.
        next: (reply) => sender.reply(reply as Replied<Send[typeof name]['reply']>),
        end: (error) => sender.fail(toEventError(error, name)),
      }),
    listen<Name extends keyof Listen & string>(
      name: Name,
      hearer: Hearer<Name, Listen[Name]['data']>,
    ) {
      return connection.call({
        subscribes: true,
        ask: () => ask('subscription', `listen.${name}`, hearer.input()),
        next(occurrence) {
          // As above: the same contract types what the server publishes.
          hearer.hear(occurrence as Occurrence<Name, Listen[Name]['data']>);
        },
        started: (position) => hearer.begin(position),
        progress: (last, upTo) => hearer.progress(last, upTo),
        end: (error) => hearer.fail(toEventError(error, name)),
      });
    },
    get userId() {
      return subjectOf(connection.token);
    },
    close: (reason) => connection.close(reason),
  };
}

function toEventError(error: unknown, event: string): EventError {
  if (error instanceof EventError) return error;
  if (error instanceof Unreadable) return unreadable(event, error);
  if (!(error instanceof Refused)) {
    const isOffline = error instanceof ConnectionLost && !error.handed;
    return disconnected(isOffline ? 'offline' : 'lost', event, error);
  }
  const { message, data } = error.shape;
  const { details, ...rest } = data;
  return new EventError({ ...rest, message, data: details, event });
}
