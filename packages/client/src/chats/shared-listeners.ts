import type { Occurrence } from '@parley/contract/wire';
import type { ListenEvents } from '@parley/contract/types';

import type { Status } from '../status.ts';
import type { Connection } from './connection.ts';
import { durableEvents, type HeardEvent, liveEvents } from './hearing.ts';

/** Whoever is told what happens to one chat. */
export interface ChatHearer {
  readonly id: string;
  hear<Name extends HeardEvent>(
    name: Name,
    data: ListenEvents[Name]['data'],
    occurrence: Occurrence<Name, ListenEvents[Name]['data']>,
  ): void;
  /** The connection is lost. */
  lose(): void;
  /** Something was not heard and will not be, such as an import; what can be fetched is, once the connection is open. */
  dropImported?(): void;
  /** The connection is open. */
  restore(): void;
  /** What is known is of another store, and counts no more. */
  go(): void;
}

/** One listener per event name for all chats of a connection, as long as there are any. */
export class SharedListeners {
  readonly #connection: Connection;
  readonly #hearers = new Set<ChatHearer>();
  #end = new AbortController();
  /** The position after which what is durable is heard. */
  #from: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  add(hearer: ChatHearer): void {
    this.#hearers.add(hearer);
    if (this.#hearers.size > 1) return;
    this.#end = new AbortController();
    this.#connection.onStatus((status) => this.#note(status), { signal: this.#end.signal });
    for (const name of liveEvents) this.#listen(name);
  }

  /** Hears what is durable after a position from now on. Returns after which it is, when it was heard before. */
  hearFrom(cursor: number): number {
    if (this.#from === undefined) {
      this.#from = cursor;
      for (const name of durableEvents) this.#listen(name, String(cursor));
    }
    return this.#from;
  }

  delete(hearer: ChatHearer): boolean {
    const deleted = this.#hearers.delete(hearer);
    if (this.#hearers.size === 0) {
      this.#end.abort();
      this.#from = undefined;
    }
    return deleted;
  }

  #listen<Name extends HeardEvent>(name: Name, cursor?: string) {
    const { signal } = this.#end;
    this.#connection.subscribe(
      name,
      (data, occurrence) => {
        for (const hearer of [...this.#hearers]) {
          if (hearer.id === occurrence.chatId) hearer.hear(name, data, occurrence);
        }
      },
      { signal, cursor },
    );
  }

  #note(status: Status) {
    const { state } = status;
    const isLost = state === 'reconnecting' || state === 'expired' || state === 'closed';
    for (const hearer of [...this.#hearers]) {
      if (isLost) hearer.lose();
      else if (state === 'open') hearer.restore();
      else if (state === 'resync' && status.reason === 'store') hearer.go();
      else if (state === 'resync') hearer.dropImported?.();
    }
  }
}
