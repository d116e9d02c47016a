import type { Statement } from './draft.ts';
import type { Driver } from './driver.ts';
import type { Row, Snapshot, Value } from './log.ts';

/**
 * An index by chat has another page for each chat. So the newest events of a chat are young: known in memory until there
 * are many, which then go into one page together.
 */
const fewestTogether = 32;

/** An event is young for no longer than it takes for so many others to follow, so that a start finds all that are. */
const longestYouth = 16_384;

/** By name they go into the index each time there are so many, which are found at the end of the log until then. */
const namesTogether = 64;

/** The positions of the events of a chat that its index does not have yet, in order. */
export type Young = readonly number[];

const none: Young = [];

/** What works have made of a chat's young events: those before it are young no more, or these come after them. */
export interface YoungChange {
  isAfterAll: boolean;
  added: number[];
}

/** The young events of each chat, as far as they are committed. Where others write to the store too there are none. */
export class YoungEvents {
  /** The chat whose first is the oldest comes first. */
  readonly #young = new Map<string, number[]>();

  static async read(driver: Driver, head: number): Promise<YoungEvents> {
    const events = new YoungEvents();
    const rows = await driver.all(
      `SELECT e.chat_id, e.position FROM event e
       WHERE e.position > ? AND e.chat_id IS NOT NULL AND e.seq IS NOT NULL AND NOT EXISTS
         (SELECT 1 FROM event_of_chat i WHERE i.chat_id = e.chat_id AND i.name = e.name AND i.seq = e.seq)
       ORDER BY e.position`,
      Math.max(0, head - 2 * longestYouth),
    );
    for (const row of rows) {
      const chatId = String(row['chat_id']);
      events.change(chatId, { added: [Number(row['position'])], isAfterAll: false });
    }
    return events;
  }

  of(chatId: string): Young {
    return this.#young.get(chatId) ?? none;
  }

  change(chatId: string, { added, isAfterAll }: YoungChange): void {
    const before = this.#young.get(chatId);
    if (before && !isAfterAll) {
      before.push(...added);
    } else {
      this.#young.delete(chatId);
      if (added.length > 0) this.#young.set(chatId, [...added]);
    }
  }

  /** The chats with events that may not be young any longer when the log has come to a position. */
  *grownUp(head: number): Generator<string> {
    for (const [chatId, [first = head]] of this.#young) {
      if (first > head - longestYouth) return;
      yield chatId;
    }
  }
}

/** Whether it is time to put young events of a chat into the index; not at the same time for all chats. */
export function areMany(runs: readonly Young[]): boolean {
  let count = 0;
  let first = 0;
  for (const run of runs) {
    if (count === 0) first = run[0] ?? 0;
    count += run.length;
  }
  return count >= fewestTogether + (first % fewestTogether) * 2;
}

/** Puts events into the index by chat. */
export function indexOfChat(positions: Young): Statement {
  return {
    sql: `INSERT INTO event_of_chat (chat_id, name, seq, position)
      SELECT e.chat_id, e.name, e.seq, e.position FROM json_each(?) AS young CROSS JOIN event e WHERE e.position = young.value`,
    values: [JSON.stringify(positions)],
  };
}

/** Puts the events up to a position into the index by name, if it is time. */
export function indexOfNames(position: number): Statement | undefined {
  if (position % namesTogether > 0) return undefined;
  return {
    sql: `INSERT INTO event_of_name (name, position)
      SELECT e.name, e.position FROM event e WHERE e.position > ? AND e.position <= ? ORDER BY e.name, e.position`,
    values: [position - namesTogether, position],
  };
}

/** Part of a statement. */
interface Part {
  sql: string;
  values: readonly Value[];
}

/** A statement from its FROM to its conditions: one finds what is in an index, another what is young. */
export interface EventSource extends Part {
  /** The column that its rows are in order of. */
  order: string;
}

interface EventsOfChat {
  chatId: string;
  name: string;
  /** Seqs above this one … */
  above: number;
  /** … and up to this one, if there is one. */
  upTo?: number | undefined;
}

/** Where the events of one name in a chat are, the older ones first. Each is in one source. */
export function eventsOfChat(
  snapshot: Snapshot,
  { chatId, name, above, upTo = Number.MAX_SAFE_INTEGER }: EventsOfChat,
): EventSource[] {
  const indexed = {
    sql: `FROM event_of_chat i CROSS JOIN event e
      WHERE e.position = i.position AND i.chat_id = ? AND i.name = ? AND i.seq > ? AND i.seq <= ?`,
    values: [chatId, name, above, upTo],
    order: 'i.seq',
  };
  const positions = snapshot.youngOf(chatId);
  if (positions.length === 0) return [indexed];
  const young = {
    sql: `FROM event e WHERE e.position IN (SELECT value FROM json_each(?)) AND e.name = ? AND e.seq > ? AND e.seq <= ?`,
    values: [JSON.stringify(positions), name, above, upTo],
    order: 'e.seq',
  };
  return [indexed, young];
}

/** Where the events of one name are, above a position and up to another, the older ones first. Each is in one source. */
export function eventsOfName(
  snapshot: Snapshot,
  { name, above, upTo }: { name: string; above: number; upTo: number },
): EventSource[] {
  const indexed = {
    sql: `FROM event_of_name i CROSS JOIN event e
      WHERE e.position = i.position AND i.name = ? AND i.position > ? AND i.position <= ?`,
    values: [name, above, upTo],
    order: 'i.position',
  };
  const firstYoung = Math.max(above, snapshot.head - (snapshot.head % namesTogether));
  const young = {
    sql: 'FROM event e WHERE e.position > ? AND e.position <= ? AND e.name = ?',
    values: [firstYoung, upTo, name],
    order: 'e.position',
  };
  return [indexed, young];
}

export interface EventQuery {
  columns: string;
  /** Further conditions, each after an AND. */
  and?: Part;
  newestFirst?: boolean;
  limit: number;
}

/** Reads rows from one source after the other, until there are enough. */
export async function readEvents(
  snapshot: Snapshot,
  sources: readonly EventSource[],
  { columns, and = { sql: '', values: [] }, newestFirst = false, limit }: EventQuery,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { sql, values, order } of newestFirst ? sources.toReversed() : sources) {
    if (rows.length === limit) break;
    const more = await snapshot.all(
      `SELECT ${columns} ${sql} ${and.sql} ORDER BY ${order} ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
      ...values,
      ...and.values,
      limit - rows.length,
    );
    rows.push(...more);
  }
  return rows;
}
