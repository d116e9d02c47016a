import { compact } from '../compact.ts';
import { encode } from '../encoding/encoder.ts';
import { Draft } from './draft.ts';
import type { Driver } from './driver.ts';
import { areMany, indexOfChat, indexOfNames, type Young } from './event-index.ts';
import { EventRow, insertTopic, updateAnswered } from './event-rows.ts';
import type { Happening, NewOccurrence, Row, Transaction, Value, Written } from './log.ts';
import type { SendKey } from '../tables/replies.ts';

/** The transaction that works share, as far as it has come. */
export interface Group {
  readonly driver: Driver;
  /** What the works before this one have done. */
  readonly draft: Draft;
  /** What is remembered of what is committed. */
  recall(key: string): unknown;
  /** The young events of a chat that are committed. */
  youngOf(chatId: string): Young;
  /** Begins the store's transaction, unless it has begun. */
  begin(): Promise<void>;
  /** Runs the statements that were put off. When it fails, so does the whole group. */
  flush(): Promise<void>;
}

/**
 * What one work sees of the group's transaction. Its own statements are in a savepoint, which is made when the first of
 * them has to run before the work's end.
 */
export class OpenTransaction implements Transaction {
  readonly draft: Draft;
  readonly #group: Group;
  readonly #writes: boolean;
  #isOpen = true;
  #hasSavepoint = false;
  /** Positions up to this one are in the store already. */
  #stored = 0;

  constructor(group: Group, writes: boolean) {
    this.#group = group;
    this.#writes = writes;
    this.draft = new Draft(group.draft.head);
  }

  get head(): number {
    return this.draft.head;
  }

  async first(sql: string, ...values: Value[]): Promise<Row | undefined> {
    await this.#settle();
    return this.#group.driver.first(sql, ...values);
  }

  async all(sql: string, ...values: Value[]): Promise<Row[]> {
    await this.#settle();
    return this.#group.driver.all(sql, ...values);
  }

  allStored(sql: string, ...values: Value[]): Promise<Row[]> {
    this.#mustBeOpen();
    return this.#group.driver.all(sql, ...values);
  }

  async run(sql: string, ...values: Value[]): Promise<void> {
    this.#mustWrite();
    await this.#settle(true);
    await this.#group.driver.run(sql, ...values);
  }

  putOff(place: string | undefined, sql: string, ...values: Value[]): void {
    this.#mustWrite();
    this.draft.putOff({ sql, values }, place);
  }

  recall(key: string): unknown {
    return (
      this.draft.memories.get(key) ?? this.#group.draft.memories.get(key) ?? this.#group.recall(key)
    );
  }

  remember(key: string, value: object): void {
    this.#mustBeOpen();
    this.draft.memories.set(key, value);
  }

  append(draft: NewOccurrence): void {
    const occurrence: Happening = { ...draft, data: compact(draft.data) };
    this.draft.effects.push({ kind: 'occurrence', occurrence });
    if (!occurrence.durable) return;
    this.#mustWrite();
    const position = (this.draft.head += 1);
    occurrence.position = position;
    occurrence.encoded = encode(occurrence.data);
    this.draft.putOff(new EventRow(occurrence));
    for (const topic of occurrence.topics) {
      const statement = insertTopic(topic, occurrence);
      if (statement) this.draft.putOff(statement);
    }
    const { chatId, seq } = occurrence;
    if (chatId !== undefined && seq !== undefined) this.#index(chatId, position);
    const named = indexOfNames(position);
    if (named) this.draft.putOff(named);
  }

  youngOf(chatId: string): Young {
    return this.#youngRunsOf(chatId).flat();
  }

  answerWith(
    reply: unknown,
    { actor, event, key }: SendKey,
    fingerprint: number,
  ): Written | undefined {
    for (const effect of this.draft.effects) {
      if (effect.kind !== 'occurrence') continue;
      const { occurrence } = effect;
      const { position, encoded, by, cause, data } = occurrence;
      if (position === undefined || !encoded || by.id !== actor || cause !== key) continue;
      if (!hasSameMembers(data, reply)) continue;
      occurrence.answered = { event, fingerprint };
      if (position <= this.#stored) {
        this.draft.putOff(updateAnswered(position, occurrence.answered));
      }
      return { position, encoded };
    }
    return undefined;
  }

  grant(userId: string, topics: readonly string[]): void {
    this.draft.effects.push({ kind: 'grant', userId, topics });
  }

  revoke(userId: string, topics: readonly string[]): void {
    this.draft.effects.push({ kind: 'revoke', userId, topics });
  }

  expel(userId: string, at: number): void {
    this.draft.effects.push({ kind: 'expel', userId, at });
  }

  afterCommit(task: () => void): void {
    this.draft.after.push(task);
  }

  /** Ends the work: what it did counts, or is undone. It refuses further statements. */
  end(counts: boolean): Promise<void> | undefined {
    this.#isOpen = false;
    if (counts) this.#group.draft.add(this.draft);
    return this.#hasSavepoint ? this.#release(counts) : undefined;
  }

  async #release(counts: boolean) {
    const { driver } = this.#group;
    if (!counts) await driver.run('ROLLBACK TO work');
    await driver.run('RELEASE work');
  }

  /** Brings the store to where this work is, for a statement that depends on it. */
  #settle(writes = false): Promise<unknown> | undefined {
    this.#mustBeOpen();
    const { driver, draft, begin, flush } = this.#group;
    const needsSavepoint = !this.#hasSavepoint && (writes || this.draft.hasStatements);
    if (!needsSavepoint && !draft.hasStatements && !this.draft.hasStatements) return undefined;
    const steps = [begin()];
    if (draft.hasStatements) steps.push(flush());
    if (needsSavepoint) {
      this.#hasSavepoint = true;
      steps.push(driver.run('SAVEPOINT work'));
    }
    if (this.draft.hasStatements) steps.push(driver.runAll(this.draft.takeStatements()));
    this.#stored = this.draft.head;
    return Promise.all(steps);
  }

  #youngRunsOf(chatId: string): readonly Young[] {
    const { draft, youngOf } = this.#group;
    return this.draft.youngAfter(chatId, draft.youngAfter(chatId, [youngOf(chatId)]));
  }

  #index(chatId: string, position: number) {
    const { driver } = this.#group;
    const change = this.draft.young.get(chatId) ?? { isAfterAll: false, added: [] };
    change.added.push(position);
    this.draft.young.set(chatId, change);
    const young = this.#youngRunsOf(chatId);
    if (driver.isExclusive && !areMany(young)) return;
    this.draft.putOff(indexOfChat(young.flat()));
    this.draft.young.set(chatId, { isAfterAll: true, added: [] });
  }

  #mustBeOpen() {
    if (this.#isOpen) return;
    throw new Error('This transaction is over: await everything before the handler returns.');
  }

  #mustWrite() {
    this.#mustBeOpen();
    if (this.#writes) return;
    throw new Error('This work only reads. Declare the effect of the event as durable.');
  }
}

/** Whether two objects have the very same members, in the same order. */
function hasSameMembers(left: unknown, right: unknown): boolean {
  const [mine, others] = [Object.entries(Object(left)), Object.entries(Object(right))];
  return (
    mine.length === others.length &&
    mine.every(([key, value], index) => others[index]?.[0] === key && others[index][1] === value)
  );
}
