import type { Actor, Role } from '@parley/contract';

import { decodeData } from './encoding.ts';
import type { Happening, HeardTopic, ReplayQuery, Row, Snapshot } from './log.ts';

const columns = 'e.position, e.chat_id, e.seq, e.name, e.at, e.by_id, e.by_role, e.cause, e.data';

/** Reads a page of one event's occurrences that the given topics may hear, by position. */
export async function replay(snapshot: Snapshot, query: ReplayQuery): Promise<Happening[]> {
  const { name, after, upTo, topics, chatId, limit } = query;
  if (topics === 'all') {
    const rows =
      chatId === undefined
        ? await snapshot.all(
            `SELECT ${columns} FROM event e WHERE e.name = ? AND e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?`,
            name,
            after,
            upTo,
            limit,
          )
        : await snapshot.all(
            `SELECT ${columns} FROM event e WHERE e.chat_id = ? AND e.name = ? AND e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?`,
            chatId,
            name,
            after,
            upTo,
            limit,
          );
    return rows.map(toHappening);
  }
  const found = new Map<number, Row>();
  for (const topic of topics) {
    for (const row of await ofTopic(snapshot, query, topic))
      found.set(Number(row['position']), row);
  }
  return [...found.entries()]
    .toSorted(([left], [right]) => left - right)
    .slice(0, limit)
    .map(([, row]) => toHappening(row));
}

function ofTopic(snapshot: Snapshot, query: ReplayQuery, { topic, untilSeq }: HeardTopic) {
  const { name, after, upTo, chatId, limit } = query;
  return snapshot.all(
    `SELECT ${columns} FROM event_topic t JOIN event e ON e.position = t.position
     WHERE t.topic = ? AND t.name = ? AND t.position > ? AND t.position <= ?
       AND (? IS NULL OR e.seq <= ?) AND (? IS NULL OR e.chat_id = ?)
     ORDER BY t.position LIMIT ?`,
    topic,
    name,
    after,
    upTo,
    untilSeq ?? null,
    untilSeq ?? null,
    chatId ?? null,
    chatId ?? null,
    limit,
  );
}

function toHappening(row: Row): Happening {
  const { position, chat_id, seq, name, at, by_id, by_role, cause, data } = row;
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
    data: decodeData(String(data)),
    topics: [],
  };
}
