import type {
  ListenEventsShape,
  ListenInput,
  Occurrence,
  Replied,
  SendEventsShape,
  SendInput,
  WireErrorShape,
} from '@parley/contract';
import { createTRPCUntypedClient, createWSClient, TRPCClientError, wsLink } from '@trpc/client';
import superjson from 'superjson';

import { backoff } from './backoff.ts';
import type { Environment } from './environment.ts';
import { disconnected, EventError, unwritable } from './errors.ts';
import type { Status } from './status.ts';
import { subjectOf } from './token.ts';

/** Carries sends and occurrences over a connection that comes back by itself. */
export interface Transport<
  Send extends SendEventsShape<Send>,
  Listen extends ListenEventsShape<Listen>,
> {
  /** Rejects with an `EventError`, or with anything once the signal is aborted. */
  send<Name extends keyof Send & string>(
    name: Name,
    input: SendInput<Send[Name]['data']>,
    signal: AbortSignal,
  ): Promise<Replied<Send[Name]['reply']>>;
  /** Starts a wire subscription, which a lost connection only interrupts. Returns what stops it. */
  listen<Name extends keyof Listen & string>(
    name: Name,
    input: ListenInput,
    hearer: Hearer<Name, Listen[Name]['data']>,
  ): () => void;
  /** Whom the newest token names. */
  readonly userId: string | undefined;
  /** Sends and hears nothing from now on; whoever waits for a reply waits no more by its own signal. */
  close(): void;
}

/** The near end of a wire subscription. */
export interface Hearer<Name extends string, Data> {
  hear(occurrence: Occurrence<Name, Data>): void;
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

/** What the server closes a connection with whose token it does not accept any more. */
const unauthorizedCloseCode = 4401;

/** A transport over tRPC's WebSocket client. All that is known of tRPC is in this file. */
export function createTransport<
  Send extends SendEventsShape<Send>,
  Listen extends ListenEventsShape<Listen>,
>(options: TransportOptions): Transport<Send, Listen> {
  const { environment, onStatus } = options;
  let token = '';
  let tokenFailure: unknown;
  let closed = false;
  /** Refused connections in a row. tRPC starts its count anew with each connection that opens, refused or not. */
  let refusals = 0;

  const socket = createWSClient({
    // Here and not among the parameters, so that a connection opens only when there is a token for it.
    url: async () => {
      try {
        token = await options.token();
      } catch (error) {
        tokenFailure = error;
        throw error;
      }
      if (closed) throw disconnected();
      return options.url;
    },
    connectionParams: () => ({ token }),
    ...(options.WebSocket && { WebSocket: options.WebSocket }),
    keepAlive: { enabled: true, intervalMs: 25_000, pongTimeoutMs: 8_000 },
    onOpen: () => onStatus({ state: 'open' }),
    onClose(event) {
      if (event?.code === unauthorizedCloseCode) refused();
    },
    retryDelayMs(attempts) {
      const attempt = attempts + Math.max(refusals, 1);
      const delay = backoff(attempt - 1, environment.random);
      const nextTryAt = new Date(environment.now() + delay);
      // An open connection is left only when the server asks for it.
      const leaving = socket.connection?.state === 'open';
      const why = tokenFailure === undefined ? {} : { tokenFailure };
      tokenFailure = undefined;
      onStatus(
        leaving ? { state: 'draining' } : { state: 'reconnecting', attempt, nextTryAt, ...why },
      );
      return delay;
    },
  });
  const client = createTRPCUntypedClient({ links: [wsLink({ client: socket, transformer })] });

  function accepted() {
    refusals = 0;
  }

  function refused() {
    refusals += 1;
    onStatus({ state: 'expired' });
  }

  function failure(error: unknown, event: string): EventError {
    const failed = toEventError(error, event);
    const { connection } = socket;
    // The first refusal speaks for the connection. Closed now and not by the server later, it comes back at once.
    if (failed.code === 'UNAUTHORIZED' && connection?.state === 'open') {
      refused();
      connection.ws.close();
    }
    return failed;
  }

  return {
    async send(name, input, signal) {
      try {
        const reply = await client.mutation(`send.${name}`, input, { signal });
        accepted();
        // The router is typed by the same contract, and the server checks data by its schemas.
        return reply as Replied<Send[typeof name]['reply']>;
      } catch (error) {
        throw failure(error, name);
      }
    },
    listen<Name extends keyof Listen & string>(
      name: Name,
      input: ListenInput,
      hearer: Hearer<Name, Listen[Name]['data']>,
    ) {
      let stopped = false;
      const subscription = client.subscription(`listen.${name}`, input, {
        onStarted: accepted,
        // As above: the same contract types what the server publishes.
        onData: (value) =>
          hearer.hear(occurrenceIn(value) as Occurrence<Name, Listen[Name]['data']>),
        onError: (error) => hearer.fail(failure(error, name)),
        onComplete() {
          // tRPC calls it for either side that ends the subscription.
          if (!stopped) hearer.fail(disconnected(name));
        },
      });
      return () => {
        stopped = true;
        subscription.unsubscribe();
      };
    },
    get userId() {
      return subjectOf(token);
    },
    close() {
      closed = true;
      // tRPC waits for a connection that is still opening, however long that takes.
      void socket.close();
      socket.connection?.ws.close();
    },
  };
}

const transformer = {
  serialize(data: unknown) {
    try {
      return superjson.serialize(data);
    } catch (error) {
      throw unwritable(error);
    }
  },
  deserialize: superjson.deserialize,
};

function toEventError(error: unknown, event: string): EventError {
  const cause = error instanceof TRPCClientError ? error.cause : error;
  if (cause instanceof EventError) return cause;
  const shape: WireErrorShape | undefined =
    error instanceof TRPCClientError ? error.shape : undefined;
  if (!shape) return disconnected(event, cause);
  const { details, ...rest } = shape.data;
  return new EventError({ ...rest, message: shape.message, data: details, event });
}

/** A durable occurrence comes with its position as `id` beside it, an ephemeral one alone. */
function occurrenceIn(value: unknown): unknown {
  const tracked = typeof value === 'object' && value !== null && 'id' in value && 'data' in value;
  return tracked ? value.data : value;
}
