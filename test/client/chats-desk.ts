import { connect, type Environment, type Events, type Scheduler } from '@parley/client';
import { type Chat, type ChatEvents, type Chats, withChats } from '@parley/client/chats';
import type { ListenEvents, SendEvents } from '@parley/contract';
import { type ServeOptions, signToken, systemEnvironment } from '@parley/server';
import { expect } from 'vitest';

import { type Identity, secret, startServer } from '../harness.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';
import { type Proxy, startProxy } from './proxy.ts';
import { type Recording, recordingWebSocket } from './recording-web-socket.ts';

/** Somebody with a client of ours and a line of their own, which can be cut. */
export interface Person {
  id: string;
  client: Events<SendEvents, ListenEvents> & { readonly chats: Chats };
  chats: Chats;
  line: Proxy;
  recording: Recording;
  /** Waits until everything that happened before has arrived: the connection keeps the order of the server. */
  caughtUp(): Promise<void>;
}

type ClientClock = Pick<Environment, 'now' | 'scheduler'>;

export interface PersonOptions {
  clock?: ClientClock | undefined;
  cursor?: string | undefined;
  report?: ((error: unknown) => void) | undefined;
  /** What to wait for before a reply is handed over. */
  late?: ((name: keyof SendEvents) => Promise<void>) | undefined;
}

export interface Desk extends AsyncDisposable {
  signIn(identity: Identity, options?: PersonOptions): Promise<Person>;
  customer(sub: string, options?: PersonOptions): Promise<Person>;
  /** An agent who is logged in to the room `sales`. */
  agent(sub: string, options?: PersonOptions): Promise<Person>;
  supervisor(sub: string): Promise<Person>;
}

/** Comes back after no time when the connection is lost, and still has a new key for each send. */
const random = {
  bytes: (size: number) =>
    size === 4 ? new Uint8Array(size) : systemEnvironment.random.bytes(size),
};

/** The clock of a client: what is due at once, such as the next try to connect, does not wait for the clock to be moved. */
function impatient({ now, scheduler }: ClientClock): ClientClock {
  const after: Scheduler['after'] = (milliseconds, task) => {
    if (milliseconds > 0) return scheduler.after(milliseconds, task);
    const immediate = setImmediate(task);
    return () => clearImmediate(immediate);
  };
  return { now, scheduler: { after } };
}

/** Starts a server for people with chats. It ends with the test, and everybody's client before. */
export async function startDesk(options: Partial<ServeOptions> = {}): Promise<Desk> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startServer(options));
  const kept = opened.move();

  async function signIn(identity: Identity, { clock, cursor, report, late }: PersonOptions = {}) {
    const line = kept.use(await startProxy(server.url));
    const recording = recordingWebSocket();
    const now = options.environment?.now();
    const environment = { ...(clock && impatient(clock)), random, ...(report && { report }) };
    const events = kept.use(
      connect({
        url: line.url,
        token: () => signToken({ ...identity, secret, now, ttl: 86_400 }),
        WebSocket: recording.WebSocket,
        cursor,
        environment,
      }),
    );
    const send: typeof events.send = async (name, ...rest) => {
      const reply = await events.send(name, ...rest);
      await late?.(name);
      return reply;
    };
    const client = withChats(events, { send });
    await client.send('users:chats', {});
    async function caughtUp() {
      for (let trip = 0; trip < 3; trip += 1) await client.send('users:chats', {});
    }
    return { id: identity.sub, client, chats: client.chats, line, recording, caughtUp };
  }

  return {
    signIn,
    customer: (sub, personOptions) =>
      signIn({ sub, role: 'customer', name: nameOf(sub) }, personOptions),
    supervisor: (sub) => signIn({ sub, role: 'supervisor', name: nameOf(sub) }),
    async agent(sub, personOptions) {
      const person = await signIn({ sub, role: 'agent', name: nameOf(sub) }, personOptions);
      await person.client.send('agents:login', { rooms: ['sales'] });
      return person;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A server whose clock the test moves. */
export async function startDeskOnVirtualTime(options: Partial<ServeOptions> = {}) {
  const clock = createVirtualEnvironment();
  const desk = await startDesk({ environment: clock, ...options });
  return { ...desk, clock };
}

/** A new chat of a customer, which waits. */
export function createChat({ chats }: Person): Promise<Chat> {
  return chats.create({ room: 'sales', source: 'web' });
}

/** A chat of Ann's that Bob has taken, as both of them see it. */
export async function startChat(desk: Desk, options?: PersonOptions) {
  const [ann, bob] = [await desk.customer('ann', options), await desk.agent('bob')];
  const annsChat = await createChat(ann);
  await bob.client.send('chats:join', { chatId: annsChat.id });
  const bobsChat = await bob.chats.open(annsChat.id);
  await expect.poll(() => annsChat.agentId).toBe('bob');
  return { ann, bob, annsChat, bobsChat };
}

function nameOf(sub: string): string {
  return sub.slice(0, 1).toUpperCase() + sub.slice(1);
}

/** What somebody hears of a chat under a name, in order. */
export function collect<Name extends keyof ChatEvents>(chat: Chat, name: Name) {
  const heard: ChatEvents[Name][] = [];
  chat.on(name, (data) => heard.push(data));
  return heard;
}
