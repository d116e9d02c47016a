import type { EventDefinition } from '@parley/contract';
import { events as coreEvents } from '@parley/contract/events';
import usersSignup from '@parley/contract/events/users-signup';
import { revokeUser } from './access/revocation.ts';
import type { Session } from './access/session.ts';
import { createSessions } from './access/sessions.ts';
import { type Auth, createTokenVerifier } from './access/tokens.ts';
import { type Calls, createCalls } from './calls.ts';
import { createCaretaker } from './caretaker.ts';
import type { Algorithm } from './chat/algorithms/algorithm.ts';
import { coreAlgorithms } from './chat/algorithms/index.ts';
import { defaultRoomSettings, type RoomSettings } from './chat/state.ts';
import { createChats } from './chats.ts';
import type { Handler } from './define-handler.ts';
import { type Environment, systemEnvironment } from './environment.ts';
import { decodeInput, type InputBounds } from './encoding/decoder.ts';
import { Guard } from './guard.ts';
import { handlers as coreHandlers } from './handlers.gen.ts';
import { createHub } from './hub/hub.ts';
import { createLimits, type LimitSettings, type ObserveLimit } from './limits.ts';
import { createLive, type Publish } from './live/live.ts';
import type { Attendance } from './live/presence.ts';
import { createQueues } from './live/queues.ts';
import { openGroupLog } from './log/group-log.ts';
import { noteWell } from './tables/settings.ts';
import { openStore } from './log/open-store.ts';
import type { Audit } from './observe/audit.ts';
import { type Logger, silentLogger } from './observe/logger.ts';
import { Observer } from './observe/observer.ts';
import { type LoopDelay, watchLoopDelay } from './overload/loop-delay.ts';
import { Shedding } from './overload/shedding.ts';
import { Tally } from './observe/tally.ts';
import { checkRetainDays, createRetention } from './retention.ts';
import { createRouter, type Router } from './router.ts';
import { createErrorShaper, refusalOf, type Refused, type ShapeError } from './shape-error.ts';

export interface ParleyOptions {
  /** `sqlite:<file>` or `sqlite::memory:`. */
  store: string;
  auth: Auth;
  /** How every room treats its chats, and single rooms by name. */
  roomDefaults?: Partial<RoomSettings>;
  rooms?: Record<string, Partial<RoomSettings>>;
  /** Events, handlers and algorithms of a team's own packages, beside the core's. */
  events?: readonly EventDefinition[];
  handlers?: readonly Handler[];
  algorithms?: readonly Algorithm[];
  /** For how many days clients can go on from where they were, at least 1; for ever unless told, or when 0. */
  retainDays?: number;
  environment?: Environment;
  /** How late the event loop is; watched unless told. */
  loopDelay?: LoopDelay;
  /** What is limited otherwise than usual; 0 is off. docs/limits.md lists all. */
  limits?: LimitSettings;
  /** Gets each limit that somebody has reached, each time. */
  onLimit?: ObserveLimit;
  /** Where the server says what it does; nowhere unless told. */
  logger?: Logger;
  /** Gets who did what of what administrators do and of what was denied; the logger does unless told. */
  audit?: Audit;
  /** Gets every refusal and failure, with the id that the client was told. */
  onRefused?: (refused: Refused) => void;
  /** Gets failures of work that nobody waits for. */
  onError?: (error: unknown) => void;
}

/** Where in the log a revocation is. */
export interface Revocation {
  position: number;
}

/** A running Parley without a network: the router, and what our own connection handler needs beside it. */
export interface Parley extends AsyncDisposable {
  readonly router: Router;
  /** What the router's procedures do, by path. */
  readonly calls: Calls;
  readonly shapeError: ShapeError;
  readonly environment: Environment;
  readonly observer: Observer;
  readonly shedding: Shedding;
  /** The newest position of the log. */
  readonly head: number;
  /** Whether no other server can have the store open, so that there is none for clients to go to. */
  readonly isAlone: boolean;
  readonly guard: Guard;
  /** An input as a client has written it; undefined when it is none. Throws `TOO_LARGE`. */
  readInput(raw: unknown): unknown;
  /** Whether the store takes what is written; tried when it did not the last time. */
  isWell(): Promise<boolean>;
  /** Checks a token; throws `UNAUTHORIZED`. */
  authenticate(token: string): Promise<Session>;
  /** Counts a connection as presence of its user, until it is disconnected; unless it is one too many. */
  connect(session: Session, attendance: Attendance): boolean;
  disconnect(session: Session, attendance: Attendance): void;
  /**
   * Closes every connection of a user, who hears nothing that comes after the position it gives, and from here on refuses
   * tokens that were issued up to now.
   */
  revoke(userId: string): Promise<Revocation>;
}

/** Opens the store and puts log, hub, chats and handlers together. */
export async function createParley(options: ParleyOptions): Promise<Parley> {
  const { environment = systemEnvironment } = options;
  const { logger = silentLogger } = options;
  const retainDays = checkRetainDays(options.retainDays ?? 0);
  const { audit = (entry) => logger.info({ audit: entry }, 'audit') } = options;
  const tally = new Tally();
  const observer = new Observer({ environment, tally, logger, audit });
  const onError = (error: unknown) => {
    observer.failed(error);
    options.onError?.(error);
  };
  const limits = createLimits(options.limits);
  const onLimit: ObserveLimit = (name) => {
    tally.limits.add(name);
    options.onLimit?.(name);
  };
  const { loopDelay = watchLoopDelay() } = options;
  const guard = new Guard({ limits, onLimit });
  const readInput = (raw: unknown) => decodeInput(raw, inputBounds);
  const inputBounds: InputBounds = {
    jsonDepth: limits.jsonDepth,
    jsonNodes: limits.jsonNodes,
    onReached: (name) => {
      throw guard.refusal(name);
    },
  };
  const events = [...coreEvents, ...(options.events ?? [])];
  const handlers = [...Object.values<Handler>(coreHandlers), ...(options.handlers ?? [])];
  const algorithms = byName([...coreAlgorithms, ...(options.algorithms ?? [])], ({ name }) => name);
  const roomDefaults = { ...defaultRoomSettings, ...options.roomDefaults };
  const settingsOf = (room: string) => {
    const own = options.rooms?.[room];
    return own ? { ...roomDefaults, ...own } : roomDefaults;
  };

  const prepare = await createTokenVerifier(options.auth);
  const hub = createHub({ expel: (userId, at) => presence.expel(userId, at) });
  const driver = openStore(options.store, { threads: environment.threads });
  const log = await openGroupLog({
    driver,
    environment,
    onCommit: (effects) => hub.apply(effects),
    tally,
  });
  const sessions = createSessions({
    prepare,
    environment,
    log,
    onNew(transaction, user) {
      const { name, listen } = usersSignup;
      const by = { id: user.id, role: user.role };
      const at = environment.now();
      transaction.append({ name, durable: listen.durable, at, by, data: { user }, topics: [] });
    },
  });
  const publish: Publish = (occurrence) => {
    const at = environment.now();
    hub.apply([{ kind: 'occurrence', occurrence: { ...occurrence, durable: false, at } }]);
  };

  const live = createLive({
    environment,
    publish,
    onPresence: (userId, online) => void caretaker.presenceChanged(userId, online),
  });
  const { presence, activity, focus } = live;
  const { isOnline } = presence;
  const queues = createQueues({ environment, log, isOnline, publish, onError });
  const caretaker = createCaretaker({
    environment,
    log,
    chats: () => chats,
    isOnline,
    refreshQueue: queues.refresh,
    onError,
  });
  const chats = createChats({
    environment,
    algorithms,
    settingsOf,
    isOnline,
    consequences: {
      queueChanged: queues.refresh,
      roomStirred: caretaker.stirRoom,
      roomWoken: caretaker.wakeRoom,
      chatClosed: activity.close,
      memberLeft: live.leave,
      pickAwaited: caretaker.awaitPick,
      deadlineSet: caretaker.deadlineSet,
    },
  });
  const workings = {
    log,
    sessions,
    chats,
    presence,
    activity,
    focus,
    environment,
    algorithms,
    settingsOf,
    stirRoom: caretaker.stirRoom,
    wakeRoom: caretaker.wakeRoom,
  };
  const shedding = new Shedding({
    limits,
    onLimit,
    environment,
    loopDelay,
    queue: log,
  });
  const calls = createCalls({
    events,
    handlers: byName(handlers, ({ event }) => event.name),
    workings,
    hub,
    guard,
    observer,
    shedding,
  });
  const shapeError = createErrorShaper(environment, (refused) => {
    observer.refused(refused);
    options.onRefused?.(refused);
  });
  const router = createRouter({ calls, environment, readInput, shapeError, guard });
  await caretaker.start();
  const retention = createRetention({ environment, log, retainDays, onError });

  return {
    router,
    calls,
    shapeError,
    environment,
    observer,
    async isWell() {
      if (log.isSick) await log.commit(noteWell).catch(() => undefined);
      return !log.isSick;
    },
    shedding,
    get head() {
      return log.head;
    },
    isAlone: driver.isExclusive,
    guard,
    readInput,
    async authenticate(token) {
      const session = await sessions.of(token).catch((error: unknown) => {
        const outcome = refusalOf(error).code;
        observer.acted({ session: undefined, action: 'log in', outcome });
        throw error;
      });
      observer.acted({ session, action: 'log in', outcome: 'ok' });
      return session;
    },
    connect(session, attendance) {
      if (presence.count(session.user.id) >= limits.connectionsPerUser) {
        guard.reached('connectionsPerUser');
        return false;
      }
      observer.connected(session);
      presence.connect(session, attendance);
      return true;
    },
    async revoke(userId) {
      const position = await log.commit(async (transaction) => {
        await revokeUser(transaction, userId, environment.now());
        return transaction.head;
      });
      observer.acted({ session: undefined, action: 'revoke', outcome: 'ok', data: { userId } });
      return { position };
    },
    disconnect(session, attendance) {
      observer.disconnected(session);
      live.disconnect(session, attendance);
    },
    async [Symbol.asyncDispose]() {
      queues[Symbol.dispose]();
      await caretaker[Symbol.asyncDispose]();
      await retention[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
      loopDelay[Symbol.dispose]();
    },
  };
}

function byName<Item>(list: readonly Item[], nameOf: (each: Item) => string): Map<string, Item> {
  return new Map(list.map((each) => [nameOf(each), each]));
}
