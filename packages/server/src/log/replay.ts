import type { Actor, Role } from '@parley/contract';

import { chatOfTopic, type Within } from '../access/audience.ts';
import { decodeEncoded } from '../encoding/encoded.ts';
import { eventsOfChat, eventsOfName, readEvents } from './event-index.ts';
import type { Happening, HeardTopic, ReplayQuery, Row, Snapshot } from './log.ts';

const columns =
  'e.position, e.chat_id, e.seq, e.name, e.at, e.by_id, e.by_role, e.cause, e.data, e.annotations';

/** Reads a page of one event's occurrences that the given topics may hear, by position. */
export async function replay(snapshot: Snapshot, query: ReplayQuery): Promise<Happening[]> {
  const { topics, chatId, limit } = query;
  if (topics === 'all') {
    const rows = chatId === undefined ? ofEvent(snapshot, query) : ofChat(snapshot, query, chatId);
    return (await rows).map(toHappening);
  }
  const found = new Map<number, Row>();
  for (const heard of topics) {
    for (const row of await ofTopic(snapshot, query, heard)) {
      found.set(Number(row['position']), row);
    }
  }
  return [...found.entries()]
    .toSorted(([left], [right]) => left - right)
    .slice(0, limit)
    .map(([, row]) => toHappening(row));
}

function ofEvent(snapshot: Snapshot, { name, after: above, upTo, limit }: ReplayQuery) {
  return readEvents(snapshot, eventsOfName(snapshot, { name, above, upTo }), { columns, limit });
}

async function ofTopic(snapshot: Snapshot, query: ReplayQuery, { topic, untilSeq }: HeardTopic) {
  const { name, after, upTo, chatId, limit } = query;
  const own = chatOfTopic(topic);
  if (own && chatId !== undefined && own.chatId !== chatId) return [];
  if (own) return ofChat(snapshot, query, own.chatId, { within: own.within, untilSeq });
  return snapshot.all(
    `SELECT ${columns} FROM event_topic t JOIN event e ON e.position = t.position
     WHERE t.topic = ? AND t.name = ? AND t.position > ? AND t.position <= ? AND (? IS NULL OR e.chat_id = ?)
     ORDER BY t.position LIMIT ?`,
    topic,
    name,
    after,
    upTo,
    chatId ?? null,
    chatId ?? null,
    limit,
  );
}

async function ofChat(
  snapshot: Snapshot,
  { name, after, upTo, limit }: ReplayQuery,
  chatId: string,
  { within, untilSeq }: { within?: Within; untilSeq?: number | undefined } = {},
): Promise<Row[]> {
  const above = await seqBy(snapshot, chatId, after);
  const sources = eventsOfChat(snapshot, { chatId, name, above, upTo: untilSeq });
  const and = {
    sql: 'AND e.position > ? AND e.position <= ? AND (? IS NULL OR e.told = ?)',
    values: [after, upTo, within ?? null, within ?? null],
  };
  return readEvents(snapshot, sources, { columns, and, limit });
}

/**
 * A seq that the chat had reached by a position. When something else is at that position, a lower bound: no more has
 * happened in the chat since than in all.
 */
async function seqBy(snapshot: Snapshot, chatId: string, position: number): Promise<number> {
  const row = await snapshot.first(
    `SELECT c.seq, (SELECT e.seq FROM event e WHERE e.position = ? AND e.chat_id = c.id) AS reached FROM chat c WHERE c.id = ?`,
    position,
    chatId,
  );
  const reached = row?.['reached'] ?? Number(row?.['seq'] ?? 0) - (snapshot.head - position);
  return Math.max(0, Number(reached));
}

function toHappening(row: Row): Happening {
  const { position, chat_id, seq, name, at, by_id, by_role, cause } = row;
  const encoded = { json: String(row['data']), annotations: String(row['annotations']) };
  return {
    position: Number(position),
    chatId: chat_id === null ? undefined : String(chat_id),
    seq: seq === null ? undefined : Number(seq),
    name: String(name),
    durable: true,
    at: Number(at),
    by:
      by_role === null
        ? { id: 'system' }
        : ({ id: String(by_id), role: by_role as Role } satisfies Actor),
    cause: cause === null ? undefined : String(cause),
    get data() {
      return decodeEncoded(encoded);
    },
    encoded,
    topics: [],
  };
}
