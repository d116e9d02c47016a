import type { ImportedMessage } from '../chat/history.ts';
import { encode } from '../encoding/encoder.ts';
import type { Snapshot, Transaction } from '../log/log.ts';
import { integer, text } from './columns.ts';

/** Which of the entries are in the chat already, by what tells them apart. */
export async function knownEntries(
  snapshot: Snapshot,
  chatId: string,
  identities: readonly string[],
): Promise<Set<string>> {
  const rows = await snapshot.all(
    'SELECT entry FROM imported_entry WHERE chat_id = ? AND entry IN (SELECT value FROM json_each(?))',
    chatId,
    JSON.stringify(identities),
  );
  return new Set(rows.map((row) => text(row, 'entry')));
}

/** Writes messages before the live ones: below position 0, where history finds them and no replay does. */
export async function saveImported(
  transaction: Transaction,
  messages: readonly ImportedMessage[],
): Promise<void> {
  const lowest = await transaction.first('SELECT min(position) AS position FROM event');
  let position = Math.min(0, integer(lowest ?? {}, 'position'));
  for (const { message, identity } of messages) {
    position -= 1;
    const { json, annotations } = encode({ message });
    await transaction.run(
      `INSERT INTO event (position, chat_id, seq, name, at, by_id, data, annotations) VALUES (?, ?, ?, 'messages:new', ?, ?, ?, ?)`,
      position,
      message.chatId,
      message.seq,
      message.created.getTime(),
      message.sender.id,
      json,
      annotations,
    );
    await transaction.run(
      `INSERT INTO event_of_chat (chat_id, name, seq, position) VALUES (?, 'messages:new', ?, ?)`,
      message.chatId,
      message.seq,
      position,
    );
    await transaction.run(
      'INSERT INTO imported_entry (chat_id, entry) VALUES (?, ?)',
      message.chatId,
      identity,
    );
  }
}
