import type { ListenEventsShape, Occurrence, SendEventsShape } from '@parley/contract/wire';
import { fixtures as coreFixtures } from '@parley/contract/fixtures';
import type { ListenEvents, SendEvents } from '@parley/contract/types';

import { connect, type ConnectOptions } from '../connect.ts';
import { type Environment, platformEnvironment } from '../environment.ts';
import type { Events } from '../events.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeRandom } from './fake-random.ts';
import { type AnyFixtures, FakeServer, type FireOptions } from './fake-server.ts';
import { createFakeToken } from './fake-token.ts';
import { createFakeWebSocket } from './fake-web-socket.ts';
import type { Handlers, Sent } from './handlers.ts';

export interface FakeParleyOptions {
  /** The examples of all events there are; the core's unless told. */
  fixtures?: AnyFixtures;
  /** The generated lists of a team's own packages, as `connect` takes them. */
  resending?: ConnectOptions['resending'];
  /** What the clock says at first; 2026-01-01T10:00:00Z unless told. */
  start?: Date;
  /** Another one gives other keys and other waits; 1 unless told. */
  seed?: number;
  /** Gets what a listener throws; unless told, it is an uncaught error, which fails a test. */
  report?: (error: unknown) => void;
}

/** A server in memory, for tests of front ends: the real client speaks the real protocol with it. */
export interface FakeParley<
  Send extends SendEventsShape<Send> = SendEvents,
  Listen extends ListenEventsShape<Listen> = ListenEvents,
> extends AsyncDisposable {
  /** Connects a user; `ann` unless told. Closed when this is disposed. */
  connect(userId?: string): Events<Send, Listen>;
  /** What to give to `connect`, for code that calls it itself. */
  as(userId: string): ConnectOptions;
  /** Lets an event occur. Resolves when its listeners have heard it; the data is the contract's example unless told. */
  fire<Name extends keyof Listen & string>(
    name: Name,
    data?: Listen[Name]['data'],
    options?: FireOptions,
  ): Promise<Occurrence<Name, Listen[Name]['data']>>;
  /** What was sent of an event so far, oldest first, each key once. */
  sent<Name extends keyof Send & string>(name: Name): Sent<Name, Send[Name]>[];
  /** Cuts all connections. None comes back before `reconnect`. */
  drop(): Promise<void>;
  /** Ends a `drop`: the clients come back at once, and hear what they missed. */
  reconnect(): Promise<void>;
  readonly clock: FakeClock;
}

/** Starts a server in memory that answers what is sent with these handlers. */
export function fakeParley<
  Send extends SendEventsShape<Send> = SendEvents,
  Listen extends ListenEventsShape<Listen> = ListenEvents,
>(
  handlers: Handlers<NoInfer<Send>> = {},
  options: FakeParleyOptions = {},
): FakeParley<Send, Listen> {
  const { start = new Date('2026-01-01T10:00:00Z'), seed = 1 } = options;
  const fixtures: AnyFixtures = options.fixtures ?? coreFixtures;
  const clock = createFakeClock(start);
  const server = new FakeServer({
    fixtures,
    now: clock.now,
    // The client is typed by the same events, so what it sends is what the handler of that name takes.
    handlerOf: (event) => new Map(Object.entries(handlers)).get(event) as never,
  });
  const whenOnline = new Set<() => void>();
  const environment: Environment = {
    now: clock.now,
    random: createFakeRandom(seed),
    scheduler: clock.scheduler,
    whenOnline(task) {
      whenOnline.add(task);
      return () => void whenOnline.delete(task);
    },
    report: options.report ?? platformEnvironment.report,
  };
  const WebSocket = createFakeWebSocket((_, near) => server.accept(near));
  const clients = new AsyncDisposableStack();

  const parley: FakeParley<Send, Listen> = {
    connect: (userId = 'ann') => clients.use(connect<Send, Listen>(parley.as(userId))),
    as: (userId) => ({
      url: 'ws://parley.test/events',
      token: createFakeToken(userId),
      WebSocket,
      resending: options.resending,
      environment,
    }),
    async fire(name, data, fireOptions = {}) {
      // Who has just subscribed is on the way.
      await clock.settle();
      const occurrence = server.publish(name, data ?? fixtures.listen[name]?.data, fireOptions);
      await clock.settle();
      // Its name and its data are those that were given, or the contract's example of it.
      return occurrence as never;
    },
    // As above: by its name it is told what it is.
    sent: (name) => server.sent.filter((each) => each.name === name) as never,
    async drop() {
      await clock.settle();
      server.goDown();
      await clock.settle();
    },
    async reconnect() {
      server.comeUp();
      for (const task of [...whenOnline]) task();
      await clock.settle();
    },
    clock,
    [Symbol.asyncDispose]: () => clients.disposeAsync(),
  };
  return parley;
}
