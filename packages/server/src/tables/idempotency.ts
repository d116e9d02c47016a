import type { Snapshot, Transaction } from '../log/log.ts';
import { decodeData, encodeData } from '../log/encoding.ts';
import { text } from './columns.ts';

/** What makes a send the same send: who, which event, and the key the client made. */
export interface SendKey {
  actor: string;
  event: string;
  key: string;
}

/** The reply a key was given first, and the hash of the data it was given for. */
export async function loadReply(snapshot: Snapshot, { actor, event, key }: SendKey) {
  const row = await snapshot.first(
    'SELECT hash, reply FROM idempotency WHERE actor = ? AND event = ? AND key = ?',
    actor,
    event,
    key,
  );
  return row && { hash: text(row, 'hash'), reply: decodeData(text(row, 'reply')) };
}

export function saveReply(
  transaction: Transaction,
  { actor, event, key }: SendKey,
  { hash, reply, at }: { hash: string; reply: unknown; at: number },
): Promise<void> {
  return transaction.run(
    'INSERT INTO idempotency (actor, event, key, hash, reply, at) VALUES (?, ?, ?, ?, ?, ?)',
    actor,
    event,
    key,
    hash,
    encodeData(reply),
    at,
  );
}
