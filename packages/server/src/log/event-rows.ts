import { chatOfTopic, toldWithin } from '../access/audience.ts';
import type { Statement } from './draft.ts';
import type { Answered, Happening, Value } from './log.ts';

const insert =
  'INSERT INTO event (position, chat_id, seq, name, at, by_id, by_role, cause, sent, fingerprint, told, data, annotations) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';

/** A durable occurrence's row in the log, with what is known of the occurrence when the row is written. */
export class EventRow implements Statement {
  readonly sql = insert;
  readonly #occurrence: Happening;

  constructor(occurrence: Happening) {
    this.#occurrence = occurrence;
  }

  get values(): readonly Value[] {
    const { position, chatId, seq, name, at, by, cause, answered, topics, encoded } =
      this.#occurrence;
    return [
      position ?? null,
      chatId ?? null,
      seq ?? null,
      name,
      at,
      by.id,
      'role' in by ? by.role : null,
      cause ?? null,
      answered?.event ?? null,
      answered?.fingerprint ?? null,
      (chatId !== undefined && toldWithin(chatId, topics)) || null,
      encoded?.json ?? null,
      encoded?.annotations ?? null,
    ];
  }
}

/** Adds to an occurrence that is written already which send it answers. */
export function updateAnswered(position: number, { event, fingerprint }: Answered): Statement {
  return {
    sql: 'UPDATE event SET sent = ?, fingerprint = ? WHERE position = ?',
    values: [event, fingerprint, position],
  };
}

/** The row of a topic that hears an occurrence; none for those of its own chat, which its own row tells. */
export function insertTopic(
  topic: string,
  { position, name, chatId }: Happening,
): Statement | undefined {
  if (chatId !== undefined && chatOfTopic(topic)?.chatId === chatId) return undefined;
  return {
    sql: 'INSERT INTO event_topic (topic, name, position) VALUES (?, ?, ?)',
    values: [topic, name, position ?? null],
  };
}
