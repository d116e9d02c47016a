import type { Young, YoungChange } from './event-index.ts';
import type { Effect, Value } from './log.ts';

export interface Statement {
  sql: string;
  values: readonly Value[];
}

/** What works have done that is not committed yet: it goes into the store as a whole, or is dropped as a whole. */
export class Draft {
  /** The newest position. */
  head: number;
  readonly effects: Effect[] = [];
  readonly after: (() => void)[] = [];
  readonly memories = new Map<string, unknown>();
  /** What happened to the young events of chats. */
  readonly young = new Map<string, YoungChange>();
  #rows: Statement[] = [];
  readonly #latest = new Map<string, Statement>();

  constructor(head: number) {
    this.head = head;
  }

  get hasStatements(): boolean {
    return this.#rows.length > 0 || this.#latest.size > 0;
  }

  /** Puts off a statement. One that was put off earlier in the same place is left out, for this one does what it did. */
  putOff(statement: Statement, place?: string): void {
    if (place === undefined) {
      this.#rows.push(statement);
    } else {
      this.#latest.delete(place);
      this.#latest.set(place, statement);
    }
  }

  /** Hands over what was put off, in order. */
  takeStatements(): Statement[] {
    const statements = [...this.#rows, ...this.#latest.values()];
    this.#rows = [];
    this.#latest.clear();
    return statements;
  }

  /** A chat's young events after what was done, in runs, when those before are given. */
  youngAfter(chatId: string, before: readonly Young[]): readonly Young[] {
    const change = this.young.get(chatId);
    if (!change) return before;
    return change.isAfterAll ? [change.added] : [...before, change.added];
  }

  /** Adds what a later work has done. */
  add(later: Draft): void {
    this.head = later.head;
    for (const effect of later.effects) this.effects.push(effect);
    for (const task of later.after) this.after.push(task);
    later.memories.forEach((value, key) => this.memories.set(key, value));
    later.young.forEach((change, chatId) => this.#changeYoung(chatId, change));
    for (const row of later.#rows) this.#rows.push(row);
    later.#latest.forEach((statement, place) => this.putOff(statement, place));
  }

  #changeYoung(chatId: string, change: YoungChange) {
    const earlier = this.young.get(chatId);
    if (earlier && !change.isAfterAll) earlier.added.push(...change.added);
    else this.young.set(chatId, change);
  }
}
