import type { Occurrence } from '@parley/contract/wire';
import type { ListenEvents } from '@parley/contract/types';

import type { HeardEvent } from './hearing.ts';
import type { ChatHearer } from './shared-listeners.ts';

type Hears = Pick<ChatHearer, 'hear'>;

/** Keeps what is heard of a chat while it is fetched. */
export class OpeningChat implements ChatHearer {
  readonly id: string;
  #heard: ((chat: Hears) => void)[] = [];

  constructor(id: string) {
    this.id = id;
  }

  hear<Name extends HeardEvent>(
    name: Name,
    data: ListenEvents[Name]['data'],
    occurrence: Occurrence<Name, ListenEvents[Name]['data']>,
  ): void {
    this.#heard.push((chat) => chat.hear(name, data, occurrence));
  }

  lose(): void {
    // The chat is fetched after that, and what was heard before is in it, or is not true any more.
    this.#heard = [];
  }

  restore(): void {}

  go(): void {
    this.lose();
  }

  passTo(chat: Hears): void {
    for (const tell of this.#heard) tell(chat);
  }
}
