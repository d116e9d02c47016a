import type { Message } from '@parley/contract/types';

/** What the server counted when the chat was fetched. */
export interface Counted {
  unread: number;
  /** The read mark it counted from, … */
  from: number;
  /** … and the newest message it counted up to. */
  upTo: number;
}

export interface Reading {
  userId: string | undefined;
  /** The user's read mark. */
  mark: number;
  /** The messages that are kept, without gap up to the newest. */
  kept: readonly Message[];
  counted: Counted;
}

/** How many messages of others lie above the user's read mark, also those too old to be kept. */
export function countUnread({ userId, mark, kept, counted }: Reading): number {
  const others = kept.filter(({ seq, sender }) => seq > 0 && sender.id !== userId);
  const between = (from: number, upTo: number) =>
    others.filter(({ seq }) => seq > from && seq <= upTo).length;
  const oldest = kept.find(({ seq }) => seq > 0)?.seq ?? Infinity;
  const older = mark >= oldest ? 0 : counted.unread - between(counted.from, counted.upTo);
  return Math.max(older, 0) + between(mark, Infinity);
}
