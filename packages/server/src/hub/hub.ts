import { userOfTopic } from '../access/audience.ts';
import { Groups } from '../groups.ts';
import type { Effect, Happening } from '../log/log.ts';
import { Delivery } from './delivery.ts';

/** Somebody who hears occurrences of one event. */
export interface Subscriber {
  readonly name: string;
  readonly userId: string;
  /** Everything, or what is published to the user or to one of these topics; grants and revocations change them. */
  topics: 'all' | readonly string[];
  /** Only what happens in this chat. */
  readonly chatId?: string | undefined;
  /** Whether a topic granted to the user is for this one of the user's subscriptions. */
  mayHear(topic: string): boolean;
  hear(delivery: Delivery): void;
}

/** Hands what happened to the subscribers whose topics match, in the order of the log. */
export interface Hub {
  subscribe(subscriber: Subscriber): void;
  unsubscribe(subscriber: Subscriber): void;
  /** Applies a commit's effects in their order. */
  apply(effects: readonly Effect[]): void;
}

/**
 * The subscribers of one event: by user and by topic, and those who hear everything, or everything in one chat. Each has an id of a
 * user already, where the topic of the same user would be one more string for as long as it lives.
 */
interface Audience {
  byUser: Groups<Subscriber>;
  byTopic: Groups<Subscriber>;
  all: Set<Subscriber>;
  byChat: Groups<Subscriber>;
}

export interface HubOptions {
  /** Ends the sessions of a user, at once. */
  expel(userId: string, at: number): void;
}

export function createHub({ expel }: HubOptions): Hub {
  const audiences = new Map<string, Audience>();
  const heard = new Set<Subscriber>();

  function audienceOf(name: string): Audience {
    let audience = audiences.get(name);
    if (!audience) {
      audience = {
        byUser: new Groups(),
        byTopic: new Groups(),
        all: new Set(),
        byChat: new Groups(),
      };
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
      for (const subscriber of audience.byChat.of(chatId)) subscriber.hear(delivery);
    }
    const inSeveral = topics.length > 1;
    for (const topic of topics) {
      const userId = userOfTopic(topic);
      const subscribers =
        userId === undefined ? audience.byTopic.of(topic) : audience.byUser.of(userId);
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
    for (const { byUser, byTopic } of audiences.values()) {
      for (const subscriber of byUser.of(userId)) {
        if (subscriber.topics === 'all') continue;
        const others = subscriber.topics.filter((topic) => !topics.includes(topic));
        const granted = kind === 'grant' ? topics.filter((topic) => subscriber.mayHear(topic)) : [];
        subscriber.topics = others.concat(granted);
        for (const topic of topics) byTopic.delete(topic, subscriber);
        for (const topic of granted) byTopic.add(topic, subscriber);
      }
    }
  }

  /** Puts a subscriber among those of its event, or takes it out. */
  function list(how: 'add' | 'delete', subscriber: Subscriber) {
    const { name, userId, topics, chatId } = subscriber;
    const { byUser, byTopic, all, byChat } = audienceOf(name);
    if (topics !== 'all') {
      byUser[how](userId, subscriber);
      for (const topic of topics) byTopic[how](topic, subscriber);
    } else if (chatId === undefined) all[how](subscriber);
    else byChat[how](chatId, subscriber);
  }

  return {
    subscribe: (subscriber) => list('add', subscriber),
    unsubscribe: (subscriber) => list('delete', subscriber),
    apply(effects) {
      for (const effect of effects) {
        if (effect.kind === 'occurrence') deliver(effect.occurrence);
        else if (effect.kind === 'expel') expel(effect.userId, effect.at);
        else change(effect.kind, effect.userId, effect.topics);
      }
    },
  };
}
