import { createHash } from 'node:crypto';

import { HistoryEntry } from '@parley/contract';
import type { ImportError, Message } from '@parley/contract/types';

import { compact } from '../compact.ts';
import { messageIdOf } from './messages.ts';

/** An entry that may go in: what it says, when it was written, and what tells it apart. */
export interface ImportableEntry {
  sender: string;
  message: Message['message'];
  type: Message['type'];
  /** Milliseconds since 1970. */
  created: number;
  /** The same for the same entry, however often it comes. */
  identity: string;
}

/** Checks entries one by one: the good ones by time, and why each of the others cannot go in. */
export function readEntries(history: readonly unknown[], now: number) {
  const entries: ImportableEntry[] = [];
  const errors: ImportError[] = [];
  for (const [index, candidate] of history.entries()) {
    const read = HistoryEntry.safeParse(candidate);
    const problem = read.success ? problemOf(read.data, now) : describe(read.error.issues);
    if (!read.success || problem) errors.push({ index, message: problem ?? 'Not an entry.' });
    else entries.push(toImportable(read.data));
  }
  return { entries: entries.toSorted((left, right) => left.created - right.created), errors };
}

type Entry = ReturnType<typeof HistoryEntry.parse>;

function describe(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join(' ');
}

function problemOf(entry: Entry, now: number): string | undefined {
  const type = entry.type ?? typeOf(entry);
  if (type !== typeOf(entry))
    return 'type: A text message is a string, an object message is an object.';
  return millisecondsOf(entry) > now ? 'created: This lies in the future.' : undefined;
}

function typeOf({ message }: Entry): Message['type'] {
  return typeof message === 'string' ? 'text' : 'object';
}

function millisecondsOf({ created }: Entry): number {
  return created instanceof Date ? created.getTime() : Math.round(created * 1000);
}

function toImportable(entry: Entry): ImportableEntry {
  const { sender, message, id } = entry;
  const created = millisecondsOf(entry);
  const said = JSON.stringify([sender, created, message]);
  const identity = id === undefined ? `said:${hash(said)}` : `id:${id}`;
  return { sender, message, type: typeOf(entry), created, identity };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** A message made from an entry, and what tells the entry apart. */
export interface ImportedMessage {
  identity: string;
  message: Message;
}

/** The messages that entries become: original times, and seqs that end just before what is there already. */
export function importedMessages(
  chatId: string,
  firstSeq: number,
  entries: readonly ImportableEntry[],
  source: string | undefined,
): ImportedMessage[] {
  return entries.map(({ identity, sender, message: body, type, created }, index) => {
    const seq = firstSeq - entries.length + index;
    const message: Message = {
      id: messageIdOf(chatId, seq),
      chatId,
      seq,
      sender: { id: sender },
      type,
      message: body,
      visibility: 'all',
      created: new Date(created),
      source,
    };
    return { identity, message: compact(message) };
  });
}
