import { upsert } from '../tables/columns.ts';
import type { Row, Transaction } from './log.ts';
import { horizonSetting, type Reach } from './reach.ts';

/** How many events one slice looks at, so that nobody waits long for it. */
const sliceSize = 64;

export interface ForgetOptions {
  reach: Reach;
  /** Positions above this one … */
  after: number;
  /** … of what happened up to this time. */
  until: number;
  /** The event that is history too, and stays as such. */
  kept: string;
}

export interface ForgottenSlice {
  /** Up to here nothing can be replayed any more. */
  upTo: number;
  /** Whether there may be more to forget now. */
  isFull: boolean;
  /** The rows that are gone: the place of each, and which send it answered, if it did. */
  gone: readonly Row[];
}

/** The last position of a page before the first event that happened after the time; undefined when that is the very first. */
export function lastUpTo(
  page: readonly { position: number; at: number }[],
  until: number,
): number | undefined {
  const young = page.findIndex(({ at }) => at > until);
  return (young < 0 ? page : page.slice(0, young)).at(-1)?.position;
}

/** Moves the horizon over the next events that are old enough, and takes away what only a replay needs of them. */
export async function forgetEvents(
  transaction: Transaction,
  { reach, after, until, kept }: ForgetOptions,
): Promise<ForgottenSlice | undefined> {
  const rows = await transaction.all(
    `SELECT position, at, name, position AS place, by_id AS actor, sent AS event, cause AS key
     FROM event WHERE position > ? ORDER BY position LIMIT ?`,
    after,
    sliceSize,
  );
  const page = rows.map(({ position, at }) => ({ position: Number(position), at: Number(at) }));
  const upTo = lastUpTo(page, until);
  if (upTo === undefined) return undefined;
  // Before it is committed: works of the same group find the rows gone already.
  reach.forget(upTo);
  const range = 'position > ? AND position <= ?';
  for (const sql of [
    `DELETE FROM event_topic WHERE ${range}`,
    `DELETE FROM event_of_name WHERE (name, position) IN (SELECT name, position FROM event WHERE ${range})`,
  ]) {
    await transaction.run(sql, after, upTo);
  }
  const over = `${range} AND name <> ?`;
  for (const sql of [
    `DELETE FROM event_of_chat WHERE (chat_id, name, seq) IN (SELECT chat_id, name, seq FROM event WHERE ${over})`,
    `DELETE FROM event WHERE ${over}`,
  ]) {
    await transaction.run(sql, after, upTo, kept);
  }
  await transaction.run(
    ...upsert('setting', ['name'], { name: horizonSetting, value: String(upTo) }),
  );
  const isFull = rows.length === sliceSize && upTo === page.at(-1)?.position;
  const gone = rows.filter(({ position, name }) => Number(position) <= upTo && name !== kept);
  return { upTo, isFull, gone };
}
