import type { ListenEventsShape, SendEventsShape } from '@parley/contract/wire';
import type { ListenEvents, SendEvents } from '@parley/contract/types';

import { platformEnvironment, type Environment } from './environment.ts';
import { disconnected, unauthorized, type EventError } from './errors.ts';
import type { Events, Listener } from './events.ts';
import { createKeys } from './keys.ts';
import { Listeners } from './listeners.ts';
import { once } from './once.ts';
import { Outbox, type Resending } from './outbox.ts';
import { resending as coreResending } from './resending.gen.ts';
import type { Status } from './status.ts';
import { Subscriptions } from './subscriptions.ts';
import { createTransport } from './transport.ts';

export interface ConnectOptions {
  /** Where the server listens, such as `ws://127.0.0.1:4455/events`. */
  url: string;
  /** Says who you are. A function is called for each connection, so that it can fetch a fresh token. */
  token: string | (() => string | Promise<string>);
  /** For a platform without a global one. */
  WebSocket?: typeof WebSocket | undefined;
  /** Start durable subscriptions after this position, or where `cursorOf` said; without one they start live. */
  cursor?: string | undefined;
  /** The generated lists of a team's own packages: which of their sends are sent again, and wait while offline. */
  resending?: Resending | undefined;
  /** Replaces parts of the platform, such as the clock. */
  environment?: Partial<Environment> | undefined;
}

/** Connects to Parley. Returns at once; what is sent or subscribed before the connection is open waits for it. */
export function connect<
  Send extends SendEventsShape<Send> = SendEvents,
  Listen extends ListenEventsShape<Listen> = ListenEvents,
>({ url, token, WebSocket, cursor, resending, ...rest }: ConnectOptions): Events<Send, Listen> {
  const environment: Environment = { ...platformEnvironment, ...rest.environment };
  const { report, random } = environment;
  const nextKey = createKeys(random);
  /** Aborted at the end; its reason is what everything that waits rejects with. */
  const life = new AbortController();
  const ended = life.signal;
  let status: Status = { state: 'connecting' };

  const statusListeners = new Listeners<[Status]>({ report });
  const anyListeners = new Listeners<Parameters<Listener>>({ report });
  const transport = createTransport<Send, Listen>({
    url,
    token: async () => (typeof token === 'string' ? token : token()),
    WebSocket,
    environment,
    onStatus: change,
  });
  const outbox = new Outbox<Send>({
    transport,
    resending: { ...coreResending, ...resending },
    environment,
  });
  const subscriptions = new Subscriptions<Listen>({
    listen: transport.listen,
    cursor,
    environment,
    onHeard: (occurrence) => anyListeners.call(occurrence.data, occurrence),
    // Those that are refused together tell it once.
    onResync: (reason) => status.state !== 'resync' && change({ state: 'resync', reason }),
    // Those that were refused together have been asked for again together, before whatever is sent now.
    onBegun: () => status.state === 'resync' && change({ state: 'open' }),
  });

  function change(next: Status) {
    if (ended.aborted) return;
    // The same token would be refused again.
    if (next.state === 'expired' && typeof token === 'string') return end(next, unauthorized());
    status = next;
    outbox.note(next);
    if (next.state === 'open') subscriptions.start();
    statusListeners.call(next);
  }

  function end(last: Status, reason: EventError) {
    if (ended.aborted) return;
    status = last;
    life.abort(reason);
    outbox.clear(reason);
    transport.close(reason);
    subscriptions.clear();
    anyListeners.remove();
    statusListeners.call(last);
    statusListeners.remove();
  }

  const events: Events<Send, Listen> = {
    send(name, data, { signal, key = nextKey() } = {}) {
      const over = [ended, signal].find((each) => each?.aborted);
      if (over) return Promise.reject(over.reason);
      return outbox.send(name, data, { key, signal });
    },
    subscribe: (name, listener, options) =>
      ended.aborted ? () => {} : subscriptions.of(name).add(listener, options),
    unsubscribe: (name, listener) => subscriptions.of(name).remove(listener),
    cursorOf: (name) => subscriptions.of(name).place,
    once: (name, options = {}) =>
      once({ name, subscribe: events.subscribe, ended, environment }, options),
    onAny: (listener, { signal } = {}) => anyListeners.add(listener, signal),
    get status() {
      return status;
    },
    onStatus: (listener, { signal } = {}) => statusListeners.add(listener, signal),
    get userId() {
      return transport.userId;
    },
    ended,
    environment,
    close: async () =>
      end({ state: 'closed', reason: 'close() was called.' }, disconnected('closed')),
    [Symbol.asyncDispose]: () => events.close(),
  };
  return events;
}
