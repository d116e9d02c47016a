import type { SendEvents } from '@parley/contract';

import type { Model } from './model.ts';
import type { ModelChat, ModelInvitation } from './model-state.ts';
import type { People, Person } from './people.ts';
import type { Actor, ConnectionCommand, Login, TurnCommand } from './sequence.ts';
import type { Outcome, SendName, World } from './world.ts';

/** Something that happens in a turn of the server. */
export interface Act {
  story(): string;
  /** Connections change at once; a send ends later. */
  start(): Promise<Outcome> | undefined;
  /** The key of a send, if it has one. */
  key?: string | undefined;
  /** What the test knows from the reply and when it was given, since the log does not tell of it. */
  learn?(reply: object, endedAt: number): void;
  /** The agent who would have the chat by it, and the invitation it is about. */
  claim?: Claim;
}

export interface Claim {
  chatId: string;
  agentId: string;
  invitationId?: string;
}

/** Turns commands into acts of those who fit at that moment. */
export class Script {
  readonly #world: World;
  readonly #model: Model;
  readonly #people: People;
  readonly #rooms: readonly [string, string];
  /** Every invitation there was, for late answers. */
  readonly #invitations: ModelInvitation[] = [];
  #sends = 0;
  #keyed = false;

  constructor(world: World, model: Model, people: People, rooms: readonly [string, string]) {
    this.#world = world;
    this.#model = model;
    this.#people = people;
    this.#rooms = rooms;
  }

  /** Remembers invitations; call it after every step. */
  noteInvitations(): void {
    for (const { invitation } of this.#model.chats.values()) {
      if (invitation && !this.#invitations.includes(invitation)) this.#invitations.push(invitation);
    }
  }

  /** With keys it can be told which of several sends an occurrence is of; without, only some have one. */
  actOf(command: TurnCommand, keyed = this.#sends % 3 === 0): Act | undefined {
    const { agents } = this.#people;
    this.#keyed = keyed;
    switch (command.kind) {
      case 'create':
        return this.#create(command);
      case 'assign':
        return this.#assign(command);
      case 'accept':
      case 'reject':
        return this.#answer(command);
      case 'join':
        return this.#join(command);
      case 'leave':
      case 'close':
      case 'write':
      case 'inbox':
        return this.#act(command);
      case 'login':
        return this.login(at(agents, command.agent), command);
      case 'logout':
        return this.#logout(at(agents, command.agent));
      case 'status':
        return this.#status(at(agents, command.agent), command.status);
      case 'connect':
      case 'disconnect':
      case 'crash':
        return this.#connection(command);
    }
  }

  #send<Name extends SendName>(
    person: Person,
    name: Name,
    data: SendEvents[Name]['data'],
    more: Pick<Act, 'learn' | 'claim'> = {},
  ): Act {
    this.#sends += 1;
    const key = this.#keyed ? `key-${this.#sends}` : undefined;
    return {
      story: () => `${person.id} sends ${name} ${JSON.stringify(data)}`,
      key,
      start: () => this.#world.send(this.#people.sessionOf(person), name, data, key),
      ...more,
    };
  }

  #connection({ kind, whose, person: number }: ConnectionCommand): Act | undefined {
    const needed = [...this.#model.chats.values()].flatMap(({ status, owner, invitation }) => {
      if (whose === 'invited') return this.#person(invitation?.agentId) ?? [];
      return (status === 'active' && this.#person(owner)) || [];
    });
    const person = at(whose === 'any' || needed.length === 0 ? this.#people.all : needed, number);
    if (!person) return undefined;
    return {
      story: () => `${person.id}: ${kind}`,
      start: () => void this.#people[kind](person),
    };
  }

  #create({ customer, room, lang }: Extract<TurnCommand, { kind: 'create' }>): Act | undefined {
    const person = at(this.#people.customers, customer);
    const name = at(this.#rooms, room);
    if (!person || name === undefined) return undefined;
    return this.#send(person, 'chats:create', { room: name, source: 'web', lang });
  }

  /** Mostly an open chat that fits, sometimes any open one, seldom any at all. */
  #chat(number: number, fits: (chat: ModelChat) => boolean = () => true): ModelChat | undefined {
    const all = [...this.#model.chats.values()];
    const open = this.#model.openChats();
    const fitting = open.filter(fits);
    const groups = { mostly: [fitting, open, all], sometimes: [open, all], seldom: [all] };
    const group = groups[howOften(number)].find((chats) => chats.length > 0) ?? [];
    return at(group, number);
  }

  #person(id: string | undefined): Person | undefined {
    return this.#people.all.find((person) => person.id === id);
  }

  #actor(chat: ModelChat, by: Actor, number: number): Person | undefined {
    if (by === 'service') return this.#people.service;
    if (by === 'customer') return this.#person(chat.customerId);
    return this.#person(chat.owner) ?? at(this.#people.agents, number);
  }

  #assign({ chat: number, by, options }: Extract<TurnCommand, { kind: 'assign' }>) {
    const chat = this.#chat(number, ({ assignment }) => !assignment);
    const person = chat && this.#actor(chat, by, number);
    if (!chat || !person) return undefined;
    const { algorithm, asked } = this.#model;
    const data = { chatId: chat.id, ...(options && { ...options, algorithm }) };
    return this.#send(person, 'chats:assign', data, {
      learn(reply) {
        if ('assignmentId' in reply) asked.set(String(reply.assignmentId), options);
      },
    });
  }

  /** Mostly the answer to a pending invitation, otherwise one to any there was, which comes late. */
  #answer({ kind, invitation: number }: Extract<TurnCommand, { kind: 'accept' | 'reject' }>) {
    const pending = [...this.#model.chats.values()].flatMap(({ invitation }) => invitation ?? []);
    const isLate = pending.length === 0 || howOften(number) !== 'mostly';
    const invitation = at(isLate ? this.#invitations : pending, number);
    const person = this.#person(invitation?.agentId);
    if (!invitation || !person) return undefined;
    const { id: invitationId, chatId, agentId } = invitation;
    if (kind === 'reject') return this.#send(person, 'invitations:reject', { invitationId });
    const claim = { chatId, agentId, invitationId };
    return this.#send(person, 'invitations:accept', { invitationId }, { claim });
  }

  #join({ chat: number, agent, by }: Extract<TurnCommand, { kind: 'join' }>) {
    const chat = this.#chat(number);
    const person = at(this.#people.agents, agent);
    if (!chat || !person) return undefined;
    const claim = { chatId: chat.id, agentId: person.id };
    if (by === 'agent') return this.#send(person, 'chats:join', { chatId: chat.id }, { claim });
    const data = { chatId: chat.id, userId: person.id };
    return this.#send(this.#people.service, 'chats:join', data, { claim });
  }

  #act(command: Extract<TurnCommand, { kind: 'leave' | 'close' | 'write' | 'inbox' }>) {
    const fits = ({ owner }: ModelChat) => command.kind !== 'leave' || owner !== undefined;
    const chat = this.#chat(command.chat, fits);
    const person = chat && this.#actor(chat, command.by, command.chat);
    if (!chat || !person) return undefined;
    const chatId = chat.id;
    switch (command.kind) {
      case 'leave':
        return this.#send(person, 'chats:leave', { chatId });
      case 'close':
        return this.#send(person, 'chats:close', { chatId });
      case 'write':
        return this.#send(person, 'messages:send', { chatId, message: 'Hello' });
      case 'inbox': {
        const room = command.room === undefined ? undefined : at(this.#rooms, command.room);
        return this.#send(person, 'chats:toinbox', { chatId, room });
      }
    }
  }

  login(person: Person | undefined, { rooms, langs, capacity }: Login): Act | undefined {
    if (!person) return undefined;
    const [first, second] = this.#rooms;
    const names = { first: [first], second: [second], both: [first, second] }[rooms];
    const data = { rooms: names, langs: [...langs], capacity };
    const { agents } = this.#model;
    return this.#send(person, 'agents:login', data, {
      learn: (_reply, endedAt) => {
        const before = agents.get(person.id);
        agents.set(person.id, {
          id: person.id,
          tier: person.tier ?? 0,
          rooms: names,
          langs,
          capacity,
          away: false,
          misses: 0,
          lastInvitedAt: before?.lastInvitedAt ?? 0,
          lastClosedAt: before?.lastClosedAt ?? 0,
          availableSince: endedAt,
        });
      },
    });
  }

  #logout(person: Person | undefined): Act | undefined {
    if (!person) return undefined;
    return this.#send(
      person,
      'agents:logout',
      {},
      {
        learn: () => {
          const agent = this.#model.agents.get(person.id);
          if (agent) agent.rooms = [];
        },
      },
    );
  }

  #status(person: Person | undefined, status: 'available' | 'away'): Act | undefined {
    if (!person) return undefined;
    const learn = (_reply: object, endedAt: number) => {
      const agent = this.#model.agents.get(person.id);
      if (!agent) return;
      if (status === 'available' && agent.away) {
        agent.availableSince = endedAt;
        agent.misses = 0;
      }
      agent.away = status === 'away';
    };
    return this.#send(person, 'agents:status', { status }, { learn });
  }
}

/** What share of the numbers below a hundred a number belongs to. */
function howOften(number: number): 'mostly' | 'sometimes' | 'seldom' {
  if (number < 70) return 'mostly';
  return number < 90 ? 'sometimes' : 'seldom';
}

/** The item of that number, counted round. */
function at<Item>(items: readonly Item[], number: number): Item | undefined {
  return items[number % items.length];
}
