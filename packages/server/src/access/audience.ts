import type { Role } from '@parley/contract';

import type { Address } from '../chat/decision.ts';

/** A topic is what subscriptions match on; an occurrence goes to those of the audience it is published to. */
export function topicsOf(to: Address): string[] {
  return [
    ...topics('chat', to.chat),
    ...topics('agents', to.agents),
    ...topics('room', to.room),
    ...topics('user', to.user),
  ];
}

function topics(kind: 'chat' | 'agents' | 'room' | 'user', names: string | readonly string[] = []) {
  return (typeof names === 'string' ? [names] : names).map((name) => `${kind}:${name}`);
}

/** What being in a chat lets a user hear: customers never what is among the agents. */
export function topicsOfMember(chatId: string, role: Role): string[] {
  return topicsOf(role === 'customer' ? { chat: chatId } : { chat: chatId, agents: chatId });
}

/** Supervisors and services hear what anybody hears. */
export function hearsEverything(role: Role): boolean {
  return role === 'supervisor' || role === 'service';
}
