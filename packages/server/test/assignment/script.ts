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
  /** The key of a send. */
  key?: string;
  /** What the test knows from the reply, since the log does not tell of it. */
  learn?(outcome: Outcome): void;
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

  actsOf(command: TurnCommand): Act | undefined {
    const { agents } = this.#people;
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
      case 'crash': {
        return this.#connection(command);
      }
    }
  }

  #send<Name extends SendName>(
    person: Person,
    name: Name,
    data: SendEvents[Name]['data'],
    more: Pick<Act, 'learn' | 'claim'> = {},
  ): Act {
    this.#sends += 1;
    const key = `key-${this.#sends}`;
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

  /** An open chat or, one time in ten, any. */
  #chat(number: number): ModelChat | undefined {
    const open = this.#model.openChats();
    return at(open.length > 0 && number % 10 < 9 ? open : [...this.#model.chats.values()], number);
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
    const chat = this.#chat(number);
    const person = chat && this.#actor(chat, by, number);
    if (!chat || !person) return undefined;
    const { algorithm, asked } = this.#model;
    const data = { chatId: chat.id, ...(options && { ...options, algorithm }) };
    return this.#send(person, 'chats:assign', data, {
      learn(outcome) {
        if ('reply' in outcome && 'assignmentId' in outcome.reply)
          asked.set(String(outcome.reply.assignmentId), options);
      },
    });
  }

  /** Mostly the answer to a pending invitation; otherwise one that comes late. */
  #answer({ kind, invitation: number }: Extract<TurnCommand, { kind: 'accept' | 'reject' }>) {
    const pending = [...this.#model.chats.values()].flatMap(({ invitation }) => invitation ?? []);
    const late = pending.length === 0 || number % 8 === 7;
    const invitation = at(late ? this.#invitations : pending, number);
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
    const chat = this.#chat(command.chat);
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
      learn: (outcome) => {
        if (!('reply' in outcome)) return;
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
          availableSince: this.#world.environment.now(),
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
        learn: (outcome) => {
          const agent = this.#model.agents.get(person.id);
          if (agent && 'reply' in outcome) agent.rooms = [];
        },
      },
    );
  }

  #status(person: Person | undefined, status: 'available' | 'away'): Act | undefined {
    if (!person) return undefined;
    const learn = (outcome: Outcome) => {
      const agent = this.#model.agents.get(person.id);
      if (!agent || !('reply' in outcome)) return;
      if (status === 'available' && agent.away) {
        agent.availableSince = this.#world.environment.now();
        agent.misses = 0;
      }
      agent.away = status === 'away';
    };
    return this.#send(person, 'agents:status', { status }, { learn });
  }
}

/** The item of that number, counted round. */
function at<Item>(items: readonly Item[], number: number): Item | undefined {
  return items[number % items.length];
}
