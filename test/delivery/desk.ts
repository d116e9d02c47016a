import { connect } from '@parley/client';
import { signToken } from '@parley/server';

import { type Identity, secret } from '../harness.ts';
import type { Chance } from './chance.ts';
import type { Step } from './history.ts';
import { Participant } from './participant.ts';

const loginsAtOnce = 8;

export interface DeskOptions {
  url: string;
  /** Where a participant's client connects; straight to the server unless told. */
  wayFor?(id: string): Promise<string>;
  chance: Chance;
  /** At least 4: one back end, and of the others half are agents. */
  clients: number;
  chats: number;
}

/** Who takes part in which chats. */
interface Part {
  identity: Identity;
  chats: string[];
}

/**
 * Opens chats between customers and agents, and brings a client for each who takes part: a back end that writes in all
 * of them, the agents, and some of the customers.
 */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const { url, wayFor, chance, clients, chats } = options;
  const steps: Step[] = [];
  const backEnd: Identity = { sub: 'backend', role: 'service' };
  const agentCount = Math.floor(clients / 2) - 1;
  const agents = Array.from({ length: agentCount }, (_, index) => part(`agent-${index}`, 'agent'));
  const customers = Array.from({ length: clients - 1 - agentCount }, (_, index) =>
    part(`customer-${index}`, 'customer'),
  );
  const chatIds = await openChats({ url, backEnd, agents, customers, chats });

  const participants: Participant[] = [];
  for (const { identity, chats: own } of [
    { identity: backEnd, chats: chatIds },
    ...agents,
    ...customers,
  ]) {
    const participant = new Participant({
      url: (await wayFor?.(identity.sub)) ?? url,
      identity,
      hears: identity === backEnd ? 'all' : new Set(own),
      writesIn: own,
      lanes: Math.min(own.length, 4),
      steps,
      chance: chance.fork(),
    });
    participants.push(participant);
  }
  return new Desk(participants, steps);
}

function part(sub: string, role: 'agent' | 'customer'): Part {
  return { identity: { sub, role }, chats: [] };
}

interface OpenChatsOptions {
  url: string;
  backEnd: Identity;
  agents: readonly Part[];
  customers: readonly Part[];
  chats: number;
}

/** Each chat has a customer of its own, an owner, and one more customer; most of the first have no client. */
async function openChats({ url, backEnd, agents, customers, chats }: OpenChatsOptions) {
  await using events = connect({ url, token: () => tokenOf(backEnd) });
  const open = async (index: number) => {
    const creator = customers[index]?.identity.sub ?? `creator-${index}`;
    const { chat } = await events.send('chats:create', { room: 'sales', source: 'web', creator });
    customers[index]?.chats.push(chat.id);
    const guest = customers[(index + 1) % customers.length];
    if (guest) {
      await events.send('chats:join', { chatId: chat.id, userId: guest.identity.sub });
      guest.chats.push(chat.id);
    }
    const owner = agents[index % agents.length];
    owner?.chats.push(chat.id);
    return chat.id;
  };
  const chatIds = await Promise.all(Array.from({ length: chats }, (_, index) => open(index)));
  const waiting = agents.values();
  const logIn = async () => {
    // What one of them takes is not there for the others.
    for (const { identity, chats: own } of waiting) {
      await using agentEvents = connect({ url, token: () => tokenOf(identity) });
      const capacity = own.length;
      await agentEvents.send('agents:login', { rooms: ['sales'], capacity });
      await Promise.all(own.map((chatId) => agentEvents.send('chats:join', { chatId })));
    }
  };
  await Promise.all(Array.from({ length: loginsAtOnce }, logIn));
  return chatIds;
}

function tokenOf(identity: Identity): Promise<string> {
  return signToken({ ...identity, secret, ttl: 86_400 });
}

/** All who take part, and what befell their sends. */
export class Desk implements AsyncDisposable {
  readonly participants: readonly Participant[];
  readonly steps: readonly Step[];

  constructor(participants: readonly Participant[], steps: readonly Step[]) {
    this.participants = participants;
    this.steps = steps;
  }

  get acknowledged(): number {
    return this.participants.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }

  /** Everybody begins to write. */
  write(): void {
    for (const participant of this.participants) participant.write();
  }

  /** Everybody waits up to so many milliseconds between messages in a chat. */
  pace(milliseconds: number): void {
    for (const participant of this.participants) participant.pause = milliseconds;
  }

  /** Everybody writes no more; resolves when each send has its end. */
  async finish(): Promise<void> {
    await Promise.all(this.participants.map((participant) => participant.finish()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.participants.map((participant) => participant[Symbol.asyncDispose]()));
  }
}
