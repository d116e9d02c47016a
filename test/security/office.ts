import type { EventDefinition } from '@parley/contract';
import { defineEvent, audiences, type Audience } from '@parley/contract';
import { defineHandler, type Extension, type Handler } from '@parley/server';
import * as z from 'zod';

import { type Identity, startServer, type TestServer } from '../harness.ts';
import { deployedEvents, extensions } from './deployment.ts';
import { Peer } from './peer.ts';

/** Where something is tried, seen from who tries it. */
export const places = ['own', 'foreign', 'unknown'] as const;

export type Place = (typeof places)[number];

/** A chat, with what there is in it to be named. */
export interface Target {
  chatId: string;
  messageId: string;
  invitationId: string;
}

const unknown: Target = {
  chatId: 'c_unknown',
  messageId: 'c_unknown.2',
  invitationId: 'i_unknown',
};

const Chat = z.looseObject({ chat: z.looseObject({ id: z.string() }) });
const Message = z.looseObject({ message: z.looseObject({ id: z.string() }) });
const Invitation = z.looseObject({ invitationId: z.string(), chatId: z.string() });

/** All limits that many calls of one user would reach; they are tested elsewhere. */
const unlimited = {
  framesPerSecond: 0,
  sendsPerSecond: 0,
  agentSendsPerSecond: 0,
  subscriptions: 0,
  inFlight: 0,
};

/** A server with everything deployed and people of all roles, in two rooms that have nothing to do with each other. */
export class Office implements AsyncDisposable {
  readonly server: TestServer;
  readonly events: readonly EventDefinition[];
  readonly #peers = new Map<string, Peer>();
  #chats = 0;

  private constructor(server: TestServer, events: readonly EventDefinition[]) {
    this.server = server;
    this.events = events;
  }

  static async open(more: Partial<Extension> = {}): Promise<Office> {
    const events = [...deployedEvents, ...(more.events ?? [])];
    const server = await startServer({
      limits: unlimited,
      events: [...extensions.flatMap((each) => each.events), ...(more.events ?? []), publishAny],
      handlers: [
        ...extensions.flatMap((each) => each.handlers),
        ...(more.handlers ?? []),
        publisher(events),
      ],
      algorithms: extensions.flatMap((each) => each.algorithms),
      roomDefaults: { oneChatPerCustomer: false },
    });
    const office = new Office(server, events);
    await office.#fill();
    return office;
  }

  /** Somebody of the office, by name. */
  peer(id: string): Peer {
    const found = this.#peers.get(id);
    if (!found) throw new Error(`Nobody here is ${id}.`);
    return found;
  }

  get peers(): Peer[] {
    return [...this.#peers.values()];
  }

  async enter(identity: Identity): Promise<Peer> {
    const peer = await Peer.connect(this.server.url, identity);
    this.#peers.set(peer.id, peer);
    return peer;
  }

  /** A new chat of a customer that an agent owns, and to whom another agent of the room is invited. */
  async openChat(customer: string, owner: string, room: string): Promise<Target> {
    const backend = this.peer('backend');
    const creator = { room, source: 'test', creator: customer };
    const chatId = (await backend.reply('chats:create', creator, Chat)).chat.id;
    await this.peer(owner).reply('chats:join', { chatId }, Chat);
    const text = { chatId, message: `Message of chat ${(this.#chats += 1)}` };
    const messageId = (await this.peer(customer).reply('messages:send', text, Message)).message.id;
    const invitationId = await this.#invite(chatId);
    return { chatId, messageId, invitationId };
  }

  /** What a subject finds at a place. */
  async target(subject: Peer, place: Place): Promise<Target> {
    if (place === 'unknown') return unknown;
    const isOfSales = place === 'own' ? subject.id !== 'eve' : subject.id === 'eve';
    return isOfSales
      ? this.openChat('ann', 'bob', 'sales')
      : this.openChat('eve', 'dora', 'support');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.peers) await peer[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }

  async #fill() {
    await this.enter({ sub: 'backend', role: 'service' });
    await this.enter({ sub: 'sue', role: 'supervisor' });
    await this.enter({ sub: 'ann', role: 'customer', name: 'Ann' });
    await this.enter({ sub: 'eve', role: 'customer', name: 'Eve' });
    // Nobody is invited to the chats of others: they are full.
    for (const [sub, rooms] of Object.entries(agents)) {
      const agent = await this.enter({ sub, role: 'agent', name: sub });
      if (rooms.length > 0) await agent.send('agents:login', { rooms, capacity: 100 });
    }
  }

  async #invite(chatId: string): Promise<string> {
    const backend = this.peer('backend');
    const invitations = await backend.listen('invitations:new', { chatId });
    await backend.send('chats:assign', { chatId, interval: 3600 });
    await backend.caughtUp();
    const [invited] = invitations.heard;
    return invited ? Invitation.parse(invited['data']).invitationId : 'i_none';
  }
}

/** The rooms of each agent; one is in none. */
const agents: Record<string, string[]> = {
  bob: ['sales'],
  carl: ['sales'],
  dora: ['support'],
  dan: ['support'],
  zed: [],
};

/** Publishes any event to any audience, as handlers do; each with the example of its contract. */
const publishAny = defineEvent('matrix:publish', {
  summary: 'Something is published by a test.',
  send: {
    by: ['service'],
    data: z.strictObject({
      name: z.string(),
      audience: z.enum(audiences),
      topic: z.string(),
      chatId: z.string(),
    }),
    reply: z.strictObject({}),
    errors: [],
    example: { name: 'messages:new', audience: 'chat', topic: 'c_1', chatId: 'c_1' },
  },
});

function publisher(events: readonly EventDefinition[]): Handler {
  return defineHandler(publishAny, async ({ data: { name, audience, topic, chatId }, publish }) => {
    const listen = events.find((event) => event.name === name)?.listen;
    if (!listen) throw new Error(`${name} is not listened to.`);
    const event = { name, summary: '', send: undefined, listen };
    await publish(event, listen.example, { [audience]: topic }, { chatId });
    return {};
  });
}

/** Those who hear what is published to an audience in Ann's chat of room sales, as docs/events.gen.md promises. */
export function hearers(audience: Audience): string[] {
  return [...within[audience], 'backend', 'sue'].toSorted();
}

/** The topic of each audience for Ann's chat. */
export function topicOf(audience: Audience, { chatId }: Target): string {
  return { chat: chatId, agents: chatId, room: 'sales', user: 'ann', supervisors: '' }[audience];
}

const within: Record<Audience, string[]> = {
  chat: ['ann', 'bob'],
  agents: ['bob'],
  room: ['bob', 'carl'],
  user: ['ann'],
  supervisors: [],
};
