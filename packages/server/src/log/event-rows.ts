import { chatOfTopic, toldWithin } from '../access/audience.ts';
import type { Encoded } from '../encoding/encoded.ts';
import type { Statement } from './draft.ts';
import type { NewOccurrence } from './log.ts';

/** An occurrence's row in the log. */
export function insertEvent(
  position: number,
  { json, annotations }: Encoded,
  { chatId, seq, name, at, by, cause, topics }: NewOccurrence,
): Statement {
  return {
    sql: 'INSERT INTO event (position, chat_id, seq, name, at, by_id, by_role, cause, told, data, annotations) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    values: [
      position,
      chatId ?? null,
      seq ?? null,
      name,
      at,
      by.id,
      'role' in by ? by.role : null,
      cause ?? null,
      (chatId !== undefined && toldWithin(chatId, topics)) || null,
      json,
      annotations,
    ],
  };
}

/** The row of a topic that hears an occurrence; none for those of its own chat, which its own row tells. */
export function insertTopic(
  position: number,
  topic: string,
  { name, chatId }: NewOccurrence,
): Statement | undefined {
  if (chatId !== undefined && chatOfTopic(topic)?.chatId === chatId) return undefined;
  return {
    sql: 'INSERT INTO event_topic (topic, name, position) VALUES (?, ?, ?)',
    values: [topic, name, position],
  };
}
