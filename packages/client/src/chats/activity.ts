import type { ChatActivity } from '@parley/contract/types';

type ActivityType = ChatActivity['type'];

/** What users do in a chat now, as far as is known: nothing without a connection. */
export class Activity {
  readonly #types = new Map<string, ActivityType>();
  /** Of whom something was heard on this connection, which is newer than what is fetched or will be followed by what is. */
  readonly #heard = new Set<string>();

  /** Everybody who writes or has a draft. */
  get now(): ChatActivity[] {
    return Array.from(this.#types, ([userId, type]) => ({ userId, type }));
  }

  /** Whether it is something else than before. */
  hear(userId: string, type: ActivityType): boolean {
    this.#heard.add(userId);
    return this.#set(userId, type);
  }

  /** Takes over what was fetched and returns what has changed. */
  take(fetched: readonly ChatActivity[]): ChatActivity[] {
    const types = new Map(fetched.map(({ userId, type }) => [userId, type]));
    const users = new Set([...this.#types.keys(), ...types.keys()]);
    return Array.from(users, (userId) => ({ userId, type: types.get(userId) ?? 'not-writing' }))
      .filter(({ userId }) => !this.#heard.has(userId))
      .filter(({ userId, type }) => this.#set(userId, type));
  }

  /** Forgets everything, as nobody says any more when it ends, and returns what has changed. */
  lose(): ChatActivity[] {
    this.#heard.clear();
    return this.take([]);
  }

  #set(userId: string, type: ActivityType): boolean {
    const before = this.#types.get(userId) ?? 'not-writing';
    if (type === 'not-writing') this.#types.delete(userId);
    else this.#types.set(userId, type);
    return type !== before;
  }
}
