import type { Effect, Happening } from '../log/log.ts';

/** Somebody who hears occurrences of one event. */
export interface Subscriber {
  name: string;
  userId: string;
  /** Everything, or what is published to one of these topics; grants and revocations change them. */
  topics: 'all' | Set<string>;
  chatId?: string | undefined;
  deliver(happening: Happening): void;
}

/** Hands what happened to the subscriptions whose topics match, in the order of the log. */
export interface Hub {
  subscribe(subscriber: Subscriber): Disposable;
  /** Applies a commit's effects in their order. */
  apply(effects: readonly Effect[]): void;
}

export function createHub(): Hub {
  const byTopic = new Map<string, Set<Subscriber>>();
  const toAll = new Map<string, Set<Subscriber>>();
  const byUser = new Map<string, Set<Subscriber>>();
  const key = (name: string, topic: string) => `${name} ${topic}`;

  function deliver(happening: Happening) {
    const heard = new Set(toAll.get(happening.name));
    for (const topic of happening.topics) {
      for (const subscriber of byTopic.get(key(happening.name, topic)) ?? []) heard.add(subscriber);
    }
    for (const subscriber of heard) {
      if (subscriber.chatId === undefined || subscriber.chatId === happening.chatId) {
        subscriber.deliver(happening);
      }
    }
  }

  function change(kind: 'grant' | 'revoke', userId: string, topics: readonly string[]) {
    for (const subscriber of byUser.get(userId) ?? []) {
      if (subscriber.topics === 'all') continue;
      for (const topic of topics) {
        if (kind === 'grant') {
          subscriber.topics.add(topic);
          add(byTopic, key(subscriber.name, topic), subscriber);
        } else {
          subscriber.topics.delete(topic);
          remove(byTopic, key(subscriber.name, topic), subscriber);
        }
      }
    }
  }

  return {
    subscribe(subscriber) {
      const { name, userId, topics } = subscriber;
      add(byUser, userId, subscriber);
      if (topics === 'all') add(toAll, name, subscriber);
      else for (const topic of topics) add(byTopic, key(name, topic), subscriber);
      return {
        [Symbol.dispose]() {
          remove(byUser, userId, subscriber);
          if (topics === 'all') remove(toAll, name, subscriber);
          else for (const topic of topics) remove(byTopic, key(name, topic), subscriber);
        },
      };
    },
    apply(effects) {
      for (const effect of effects) {
        if (effect.kind === 'occurrence') deliver(effect.occurrence);
        else change(effect.kind, effect.userId, effect.topics);
      }
    },
  };
}

function add(sets: Map<string, Set<Subscriber>>, key: string, subscriber: Subscriber) {
  const set = sets.get(key);
  if (set) set.add(subscriber);
  else sets.set(key, new Set([subscriber]));
}

function remove(sets: Map<string, Set<Subscriber>>, key: string, subscriber: Subscriber) {
  const set = sets.get(key);
  if (set?.delete(subscriber) && set.size === 0) sets.delete(key);
}
