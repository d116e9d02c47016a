import type { Message } from '@parley/contract/types';

import { decodeEncoded } from '../encoding/encoded.ts';
import { eventsOfChat, readEvents } from '../log/event-index.ts';
import type { Row, Snapshot, Transaction } from '../log/log.ts';
import { integer, text } from './columns.ts';

/** The event whose rows in the log are the history of chats, which is kept as long as they are. */
export const historyEvent = 'messages:new';

const name = historyEvent;
const columns = 'e.data, e.annotations, e.at';

/** Customers see what was told to the chat, and not what was told to its agents alone. */
const toldTo = ({ seesHidden }: Reader) => (seesHidden ? '' : `AND e.told = 'chat'`);

/** Whether the reader sees what is only among agents. */
interface Reader {
  seesHidden: boolean;
}

/** One message by its place. */
export async function loadMessage(snapshot: Snapshot, chatId: string, seq: number) {
  const sources = eventsOfChat(snapshot, { chatId, name, above: seq - 1, upTo: seq });
  const [row] = await readEvents(snapshot, sources, { columns, limit: 1 });
  return row && { message: toMessage(row), at: integer(row, 'at') };
}

/** The place of a message in the history: live messages go by seq, imported ones by the time they were written. */
export interface Place {
  seq: number;
  at: number;
}

const end: Place = { seq: Number.MAX_SAFE_INTEGER, at: Number.MAX_SAFE_INTEGER };

/** A page of history, oldest first: the newest `limit` messages before the given place. */
export async function loadHistory(
  snapshot: Snapshot,
  chatId: string,
  { before = end, limit, seesHidden }: { before?: Place | undefined; limit: number } & Reader,
): Promise<Message[]> {
  const sources = eventsOfChat(snapshot, { chatId, name, above: 0, upTo: before.seq - 1 });
  const and = { sql: toldTo({ seesHidden }), values: [] };
  const live =
    before.seq > 1
      ? await readEvents(snapshot, sources, { columns, and, newestFirst: true, limit })
      : [];
  const importedBefore = before.seq > 0 ? end : before;
  const imported =
    live.length < limit
      ? await snapshot.all(
          `SELECT ${columns} FROM event e WHERE e.chat_id = ? AND e.position < 0 AND (e.at, e.seq) < (?, ?) ORDER BY e.at DESC, e.seq DESC LIMIT ?`,
          chatId,
          importedBefore.at,
          importedBefore.seq,
          limit - live.length,
        )
      : [];
  return [...live, ...imported].map(toMessage).toReversed();
}

/** Somebody who has read a chat up to a seq. */
interface Marker extends Reader {
  userId: string;
  readSeq: number;
}

/** An earlier count of unread messages, and what it was made of. */
interface Count extends Marker {
  seq: number;
  unread: number;
}

/** How many live messages of others lie above the read mark, in a chat that has come to a seq. */
export async function countUnread(
  transaction: Transaction,
  { id: chatId, seq }: { id: string; seq: number },
  marker: Marker,
): Promise<number> {
  const { userId, readSeq, seesHidden } = marker;
  const key = `unread ${chatId} ${userId}`;
  // What is remembered under this key is always a count.
  const count = transaction.recall(key) as Count | undefined;
  if (count?.seq === seq && count.readSeq === readSeq && count.seesHidden === seesHidden) {
    return count.unread;
  }
  const unread = await readUnread(transaction, chatId, marker);
  transaction.remember(key, { ...marker, seq, unread });
  return unread;
}

async function readUnread(
  snapshot: Snapshot,
  chatId: string,
  { userId, readSeq, seesHidden }: Marker,
): Promise<number> {
  let unread = 0;
  const sources = eventsOfChat(snapshot, { chatId, name, above: Math.max(0, readSeq) });
  for (const { sql, values } of sources) {
    const counted = `SELECT count(*) AS unread ${sql} AND e.by_id <> ? ${toldTo({ seesHidden })}`;
    const row = await snapshot.first(counted, ...values, userId);
    unread += integer(row ?? {}, 'unread');
  }
  return unread;
}

function toMessage(row: Row): Message {
  const encoded = { json: text(row, 'data'), annotations: text(row, 'annotations') };
  return (decodeEncoded(encoded) as { message: Message }).message;
}
