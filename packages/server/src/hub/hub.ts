import type { Effect, Happening } from '../log/log.ts';
import { Delivery } from './delivery.ts';

/** Somebody who hears occurrences of one event. */
export interface Subscriber {
  readonly name: string;
  readonly userId: string;
  /** Everything, or what is published to one of these topics; grants and revocations change them. */
  readonly topics: 'all' | Set<string>;
  /** Only what happens in this chat. */
  readonly chatId?: string | undefined;
  hear(delivery: Delivery): void;
}

/** Hands what happened to the subscribers whose topics match, in the order of the log. */
export interface Hub {
  subscribe(subscriber: Subscriber): void;
  unsubscribe(subscriber: Subscriber): void;
  /** Applies a commit's effects in their order. */
  apply(effects: readonly Effect[]): void;
}

type Subscribers = Map<string, Set<Subscriber>>;

/** The subscribers of one event: by topic, and those who hear everything, or everything in one chat. */
interface Audience {
  byTopic: Subscribers;
  all: Set<Subscriber>;
  byChat: Subscribers;
}

export function createHub(): Hub {
  const audiences = new Map<string, Audience>();
  const byUser: Subscribers = new Map();
  const heard = new Set<Subscriber>();

  function audienceOf(name: string): Audience {
    let audience = audiences.get(name);
    if (!audience) {
      audience = { byTopic: new Map(), all: new Set(), byChat: new Map() };
      audiences.set(name, audience);
    }
    return audience;
  }

  function deliver(happening: Happening) {
    const { name, topics, chatId } = happening;
    const audience = audiences.get(name);
    if (!audience) return;
    const delivery = new Delivery(happening);
    for (const subscriber of audience.all) subscriber.hear(delivery);
    if (chatId !== undefined) {
      for (const subscriber of audience.byChat.get(chatId) ?? []) subscriber.hear(delivery);
    }
    const inSeveral = topics.length > 1;
    for (const topic of topics) {
      const subscribers = audience.byTopic.get(topic);
      if (!subscribers) continue;
      for (const subscriber of subscribers) {
        if (subscriber.chatId !== undefined && subscriber.chatId !== chatId) continue;
        if (inSeveral) {
          if (heard.has(subscriber)) continue;
          heard.add(subscriber);
        }
        subscriber.hear(delivery);
      }
    }
    heard.clear();
  }

  function change(kind: 'grant' | 'revoke', userId: string, topics: readonly string[]) {
    for (const subscriber of byUser.get(userId) ?? []) {
      if (subscriber.topics === 'all') continue;
      const { byTopic } = audienceOf(subscriber.name);
      for (const topic of topics) {
        if (kind === 'grant') {
          subscriber.topics.add(topic);
          add(byTopic, topic, subscriber);
        } else {
          subscriber.topics.delete(topic);
          remove(byTopic, topic, subscriber);
        }
      }
    }
  }

  return {
    subscribe(subscriber) {
      const { name, userId, topics, chatId } = subscriber;
      const { byTopic, all, byChat } = audienceOf(name);
      if (topics !== 'all') {
        add(byUser, userId, subscriber);
        for (const topic of topics) add(byTopic, topic, subscriber);
      } else if (chatId === undefined) all.add(subscriber);
      else add(byChat, chatId, subscriber);
    },
    unsubscribe(subscriber) {
      const { name, userId, topics, chatId } = subscriber;
      const { byTopic, all, byChat } = audienceOf(name);
      if (topics !== 'all') {
        remove(byUser, userId, subscriber);
        for (const topic of topics) remove(byTopic, topic, subscriber);
      } else if (chatId === undefined) all.delete(subscriber);
      else remove(byChat, chatId, subscriber);
    },
    apply(effects) {
      for (const effect of effects) {
        if (effect.kind === 'occurrence') deliver(effect.occurrence);
        else change(effect.kind, effect.userId, effect.topics);
      }
    },
  };
}

function add(subscribers: Subscribers, key: string, subscriber: Subscriber) {
  const set = subscribers.get(key);
  if (set) set.add(subscriber);
  else subscribers.set(key, new Set([subscriber]));
}

function remove(subscribers: Subscribers, key: string, subscriber: Subscriber) {
  const set = subscribers.get(key);
  if (set?.delete(subscriber) && set.size === 0) subscribers.delete(key);
}
