import type { Role } from '@parley/contract';

import type { Address } from '../chat/decision.ts';

/** Those of a chat who hear something: everybody, or only its agents and watchers. */
export type Within = 'chat' | 'agents';

/** A topic is what subscriptions match on; an occurrence goes to those of the audience it is published to. */
export function topicsOf({ chat, agents, room, user }: Address): string[] {
  const topics: string[] = [];
  if (chat !== undefined) addTopics(topics, 'chat', chat);
  if (agents !== undefined) addTopics(topics, 'agents', agents);
  if (room !== undefined) addTopics(topics, 'room', room);
  if (user !== undefined) addTopics(topics, 'user', user);
  return topics;
}

type Kind = 'chat' | 'agents' | 'room' | 'user';

const topicOf = (kind: Kind, name: string) => `${kind}:${name}`;

function addTopics(topics: string[], kind: Kind, names: string | readonly string[]) {
  if (typeof names === 'string') topics.push(topicOf(kind, names));
  else for (const name of names) topics.push(topicOf(kind, name));
}

/** The user whose own topic this is, which all connections of that user hear; undefined when it is another kind of topic. */
export function userOfTopic(topic: string): string | undefined {
  return topic.startsWith('user:') ? topic.slice('user:'.length) : undefined;
}

/** Which of a chat's own topics hear what is published to these: all of the chat, only its agents, or neither. */
export function toldWithin(chatId: string, told: readonly string[]): Within | undefined {
  if (told.includes(topicOf('chat', chatId))) return 'chat';
  return told.includes(topicOf('agents', chatId)) ? 'agents' : undefined;
}

/** The chat whose own topic this is; undefined when it is another kind of topic. */
export function chatOfTopic(topic: string): { within: Within; chatId: string } | undefined {
  const colon = topic.indexOf(':');
  const kind = topic.slice(0, colon);
  if (kind !== 'chat' && kind !== 'agents') return undefined;
  return { within: kind, chatId: topic.slice(colon + 1) };
}

/** The room whose topic this is; undefined when it is another kind of topic. */
export function roomOfTopic(topic: string): string | undefined {
  return topic.startsWith('room:') ? topic.slice('room:'.length) : undefined;
}

/** What being in a chat lets a user hear: customers never what is among the agents. */
export function topicsOfMember(chatId: string, role: Role): string[] {
  return topicsOf(role === 'customer' ? { chat: chatId } : { chat: chatId, agents: chatId });
}

/** Supervisors and services hear what anybody hears. */
export function hearsEverything(role: Role): boolean {
  return role === 'supervisor' || role === 'service';
}
