import {
  commonErrors,
  errors,
  type EventRouter,
  type ListenEvents,
  type ListenInput,
  type Occurrence,
  type Replied,
  type Role,
  roles,
  type SendEvents,
} from '@parley/contract';
import { events } from '@parley/contract/events';
import { type LimitSettings, serve, type ServeOptions, signToken } from '@parley/server';
import {
  createTRPCClient,
  createWSClient,
  TRPCClientError,
  type TRPCWebSocketClient,
  wsLink,
} from '@trpc/client';
import superjson from 'superjson';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod';

export const secret = 'a secret that only these tests know';

export type SendName = keyof SendEvents;
export type ListenName = keyof ListenEvents;
export type DataOf<Name extends SendName> = SendEvents[Name]['data'];
export type ReplyTo<Name extends SendName> = Replied<SendEvents[Name]['reply']>;
export type Heard<Name extends ListenName> = Occurrence<Name, ListenEvents[Name]['data']>;

/** What a token says of somebody. */
export interface Identity {
  sub: string;
  role: Role;
  name?: string;
  rooms?: string[];
  langs?: string[];
  tier?: number;
}

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly address: string;
  /** Ends the user's sessions; gives the position after which nothing is heard there. */
  revoke(userId: string): Promise<{ position: number }>;
  /** Signs in; resolves once the server knows of the connection, which is closed with the server at the latest. */
  connect(identity: Identity): Promise<TestUser>;
}

/** Tests send faster than people do and, with tRPC's client, all of a tick in one frame, from one machine that may be busy. test/security tries the limits as they are. */
export const unhurried: LimitSettings = {
  callsPerFrame: 0,
  inFlight: 0,
  framesPerSecond: 0,
  sendsPerSecond: 0,
  agentSendsPerSecond: 0,
  acceptsPerSecond: 0,
  unauthenticatedPerAddress: 0,
  shedLagMs: 0,
};

/** Starts a server with a store in memory. Its end fails when it failed inside, or told what no contract allows. */
export async function startServer(options: Partial<ServeOptions> = {}): Promise<TestServer> {
  const faults: unknown[] = [];
  const server = await serve({
    port: 0,
    store: 'sqlite::memory:',
    auth: { secret },
    onError: (error) => faults.push(error),
    onRefused: (refused) => refused.refusal.code === 'INTERNAL' && faults.push(refused.refusal),
    ...options,
    limits: { ...unhurried, ...options.limits },
  });
  const users = new Set<TestUser>();
  return {
    url: server.url,
    address: server.address,
    revoke: server.revoke,
    async connect(identity) {
      const now = options.environment?.now();
      const token = await signToken({ ...identity, secret, now, ttl: 86_400 });
      const user = new TestUser(identity.sub, openClient(server.url, { token }));
      users.add(user);
      await user.send('users:chats', {});
      return user;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(Array.from(users, (user) => user.disconnect()));
      await server.close();
      for (const user of users) faults.push(...user.faults);
      if (faults.length > 0) throw new AggregateError(faults, `Something went wrong: ${faults[0]}`);
    },
  };
}

/** The socket of tRPC's own client. */
export function openSocket(
  url: string,
  connectionParams: Record<string, string> | null,
): TRPCWebSocketClient {
  // tRPC asks for the browser's class by its type, and uses what ws has in common with it.
  const like = WebSocket as unknown as typeof globalThis.WebSocket;
  return createWSClient({ url, connectionParams, WebSocket: like });
}

/** tRPC's own client, with nothing of ours but the types. */
export function openClient(url: string, connectionParams: Record<string, string> | null = null) {
  const socket = openSocket(url, connectionParams);
  const links = [wsLink<EventRouter>({ client: socket, transformer: superjson })];
  return { trpc: createTRPCClient<EventRouter>({ links }), close: () => socket.close() };
}

type Client = ReturnType<typeof openClient>;

/** Somebody with one connection. */
export class TestUser implements AsyncDisposable {
  readonly id: string;
  /** What was heard that no contract allows. */
  readonly faults: unknown[] = [];
  readonly #client: Client;

  constructor(id: string, client: Client) {
    this.id = id;
    this.#client = client;
  }

  /** Sends, and holds the reply against the event's own schema. */
  async send<Name extends SendName>(
    name: Name,
    data: DataOf<Name>,
    key?: string,
  ): Promise<ReplyTo<Name>> {
    const reply = AnyReply.parse(await this.sendUnchecked(name, data, key));
    const { replayed: _, ...first } = reply;
    const { send } = definitionOf(name);
    if (send) z.parse(send.reply, first);
    // The schema has just found the reply to be what the generated types say, which are proven to be its own.
    return reply as ReplyTo<Name>;
  }

  /** Sends what the types would not allow. */
  sendUnchecked(name: SendName, data: unknown, key?: string): Promise<unknown> {
    const mutations: Record<SendName, Mutation> = this.#client.trpc.send;
    return mutations[name].mutate({ data, key });
  }

  /** Listens; what happens after this resolves is heard. */
  async listen<Name extends ListenName>(
    name: Name,
    input: ListenInput = {},
  ): Promise<Collector<Name>> {
    const subscriptions: Record<ListenName, Subscription> = this.#client.trpc.listen;
    const collector = new Collector(name, (fault) => this.faults.push(fault));
    await new Promise<void>((resolve, reject) => {
      const { unsubscribe } = subscriptions[name].subscribe(input, {
        onStarted: () => resolve(),
        onData: (item) => collector.hear(item),
        onError: (error) => {
          collector.fail(error);
          reject(error);
        },
      });
      collector.stop = unsubscribe;
    });
    return collector;
  }

  /** Waits until everything that happened before has arrived: the connection keeps the order of the server. */
  async caughtUp(): Promise<void> {
    for (let trip = 0; trip < 3; trip += 1) await this.send('users:chats', {});
  }

  disconnect(): Promise<void> {
    return this.#client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }
}

const AnyReply = z.looseObject({ replayed: z.literal(true).optional() });

interface Mutation {
  mutate(input: { data: unknown; key?: string | undefined }): Promise<unknown>;
}

interface Subscription {
  subscribe(
    input: ListenInput,
    observer: {
      onStarted(): void;
      onData(item: unknown): void;
      onError(error: unknown): void;
    },
  ): { unsubscribe(): void };
}

/** How long to wait for what has to come, in milliseconds; long, because other programs may keep the machine busy. */
const patience = 10_000;

/** For `expect.poll`. */
export const patiently = { timeout: patience, interval: 10 };

/** What one subscription has heard, in order, each held against the event's own schema. */
export class Collector<Name extends ListenName> {
  readonly heard: Heard<Name>[] = [];
  stop: () => void = () => undefined;
  readonly #name: Name;
  readonly #report: (fault: unknown) => void;
  #taken = 0;
  #failure: unknown;
  #wake: () => void = () => undefined;

  constructor(name: Name, report: (fault: unknown) => void) {
    this.#name = name;
    this.#report = report;
  }

  /** The data of all that was heard. */
  get data(): ListenEvents[Name]['data'][] {
    return this.heard.map(({ data }) => data);
  }

  /** The next occurrence not taken yet that fits; those before it are passed over. */
  async next(fits: (occurrence: Heard<Name>) => boolean = () => true): Promise<Heard<Name>> {
    const giveUp = setTimeout(() => {
      const heard = this.heard.slice(this.#taken).map(({ data }) => JSON.stringify(data));
      this.fail(
        new Error(`No ${this.#name} came that fits. Heard: ${heard.join(' ') || 'nothing'}`),
      );
    }, patience);
    try {
      for (;;) {
        const next = this.heard[this.#taken];
        if (next) {
          this.#taken += 1;
          if (fits(next)) return next;
        } else {
          if (this.#failure !== undefined) throw this.#failure;
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      clearTimeout(giveUp);
    }
  }

  /** The next so many occurrences. */
  async take(count: number): Promise<Heard<Name>[]> {
    const taken: Heard<Name>[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  hear(item: unknown): void {
    try {
      this.heard.push(readOccurrence(this.#name, item));
    } catch (fault) {
      this.#failure = fault;
      this.#report(fault);
    }
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure = error;
    this.#wake();
  }
}

const Tracked = z.strictObject({ id: z.string(), data: z.unknown() });

const Envelope = z.strictObject({
  name: z.string(),
  position: z.number().int().min(1).optional(),
  seq: z.number().int().min(1).optional(),
  chatId: z.string().optional(),
  at: z.date(),
  by: z.union([
    z.strictObject({ id: z.string(), role: z.enum(roles) }),
    z.strictObject({ id: z.literal('system') }),
  ]),
  data: z.unknown(),
  cause: z.string().optional(),
});

/** Durable occurrences come with their position as id, the others bare. */
function readOccurrence<Name extends ListenName>(name: Name, item: unknown): Heard<Name> {
  const listen = definitionOf(name).listen;
  const tracked = listen?.durable ? Tracked.parse(item) : undefined;
  const occurrence = Envelope.parse(tracked ? tracked.data : item);
  const { position } = occurrence;
  if (occurrence.name !== name || tracked?.id !== position?.toString()) {
    throw new Error(`This is no ${name} with its position as id: ${JSON.stringify(item)}`);
  }
  const data = listen && z.parse(listen.data, occurrence.data);
  // The schema has just found the data to be what the generated types say, which are proven to be its own.
  return { ...occurrence, name, data } as Heard<Name>;
}

function definitionOf(name: SendName | ListenName) {
  const definition = events.find((event) => event.name === name);
  if (!definition) throw new Error(`There is no event ${name}.`);
  return definition;
}

const Refusal = z.strictObject({
  code: z.string(),
  retryable: z.boolean(),
  retryAfterMs: z.number().optional(),
  errorId: z.string().min(1),
  details: z.unknown().optional(),
});

export interface Refused {
  code: string;
  message: string;
  errorId: string;
  retryable: boolean;
  details?: unknown;
}

/** How something was refused; fails when it was not, or not as the contract says. */
export async function refusal(promise: Promise<unknown>): Promise<Refused> {
  const error = await promise.then(
    (reply) => Promise.reject(new Error(`This was not refused: ${JSON.stringify(reply)}`)),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError) || !error.data) throw error;
  const { code, errorId, retryable, details } = Refusal.parse(error.data);
  const definition = Object.values(errors).find((each) => each.code === code);
  expect(definition, `${code} is a code of the contract`).toBeDefined();
  expect(retryable).toBe(definition?.retryable);
  if (definition?.data) definition.data.parse(details);
  else expect(details).toBeUndefined();
  return { code, message: error.message, errorId, retryable, details };
}

/** Everybody's collector of one event, in the order of the users. */
export function listenAll<Name extends ListenName, Users extends readonly TestUser[]>(
  name: Name,
  ...users: Users
): Promise<{ [Index in keyof Users]: Collector<Name> }> {
  // A mapped tuple has as many items as the tuple it is mapped from, which Promise.all does not say.
  return Promise.all(users.map((user) => user.listen(name))) as Promise<{
    [Index in keyof Users]: Collector<Name>;
  }>;
}

/** Waits until everybody has got what happened before. */
export async function allCaughtUp(...users: TestUser[]): Promise<void> {
  await Promise.all(users.map((user) => user.caughtUp()));
}

/** The code alone. */
export async function refusalCode(promise: Promise<unknown>): Promise<string> {
  return (await refusal(promise)).code;
}

/** Where the data did not fit, as paths such as `history.0.sender`. */
export async function invalidPaths(promise: Promise<unknown>): Promise<string[]> {
  const { code, details } = await refusal(promise);
  expect(code).toBe('VALIDATION');
  return commonErrors.VALIDATION.data.parse(details).issues.map(({ path }) => path.join('.'));
}

/** What is not to be seen gets the answer of what does not exist. */
export async function expectUnseen(foreign: Promise<unknown>, unknown: Promise<unknown>) {
  const [one, other] = await Promise.all([refusal(foreign), refusal(unknown)]);
  expect(one.code).toBe('NOT_FOUND');
  expect({ ...one, errorId: '' }).toEqual({ ...other, errorId: '' });
}

/** Sends twice under one key, and then other data: one effect, one reply, one refusal. */
export async function expectOneEffect<Name extends SendName>(
  user: TestUser,
  name: Name,
  data: DataOf<Name>,
  otherData: DataOf<Name>,
): Promise<ReplyTo<Name>> {
  const reply = await user.send(name, data, 'one-key');
  expect(reply).not.toHaveProperty('replayed');
  expect(await user.send(name, data, 'one-key')).toEqual({ ...reply, replayed: true });
  expect(await refusalCode(user.send(name, otherData, 'one-key'))).toBe('IDEMPOTENCY_CONFLICT');
  return reply;
}

/** A customer, connected. */
export function customer(server: TestServer, sub: string): Promise<TestUser> {
  return server.connect({ sub, role: 'customer', name: nameOf(sub) });
}

/** A back end that acts for others, connected. */
export function service(server: TestServer): Promise<TestUser> {
  return server.connect({ sub: 'backend', role: 'service' });
}

export function supervisor(server: TestServer): Promise<TestUser> {
  return server.connect({ sub: 'sue', role: 'supervisor', name: 'Sue' });
}

/** An agent who is logged in to a room. */
export async function agent(
  server: TestServer,
  sub: string,
  login: Partial<DataOf<'agents:login'>> = {},
): Promise<TestUser> {
  const user = await server.connect({ sub, role: 'agent', name: nameOf(sub) });
  await user.send('agents:login', { rooms: ['sales'], ...login });
  return user;
}

/** A chat of the customer that waits in a room. */
export async function startChat(user: TestUser, room = 'sales'): Promise<string> {
  const { chat } = await user.send('chats:create', { room, source: 'web' });
  return chat.id;
}

/** Ann's chat, which the agent Bob owns. */
export async function activeChat(server: TestServer) {
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const chatId = await startChat(ann);
  await bob.send('chats:join', { chatId });
  return { ann, bob, chatId };
}

function nameOf(sub: string): string {
  return sub.slice(0, 1).toUpperCase() + sub.slice(1);
}
