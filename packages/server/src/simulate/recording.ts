import { existsSync } from 'node:fs';

import chatsCreate from '@parley/contract/events/chats-create';
import Database from 'better-sqlite3';

import type { Row, Snapshot, Value } from '../log/log.ts';
import { replay } from '../log/replay.ts';
import { StoreError } from '../log/sqlite.ts';
import { integer, text } from '../tables/columns.ts';
import type { Arrival } from './arrivals.ts';
import type { StaffMember } from './staff.ts';

/** What a store remembers: the chats as they came, and the agents who were there. */
export interface Recording {
  arrivals: Arrival[];
  staff: StaffMember[];
}

const pageSize = 1000;

/** Reads a store such as `sqlite:./data/parley.db` without changing it; a server may have it open. */
export async function readRecording(address: string): Promise<Recording> {
  const [, file = ''] = /^sqlite:(?!:)(.+)$/.exec(address) ?? [];
  if (!existsSync(file)) {
    throw new StoreError(
      `There is no store at ${address}. Use sqlite:<file> of one that a server has written.`,
    );
  }
  try {
    using database = openReadOnly(file);
    return { arrivals: await readArrivals(database), staff: await readStaff(database) };
  } catch (cause) {
    throw new StoreError(`${file} cannot be read as a store: ${Object(cause).message}.`, { cause });
  }
}

function openReadOnly(file: string): Snapshot & Disposable {
  const database = new Database(file, { readonly: true });
  const all = async (sql: string, ...values: Value[]) =>
    database.prepare<Value[], Row>(sql).all(...values);
  const newest = database.prepare<Value[], Row>('SELECT max(position) AS head FROM event').get();
  return {
    head: Number(newest?.['head'] ?? 0),
    // Nothing is read by chat here.
    youngOf: () => [],
    all,
    first: async (sql, ...values) => (await all(sql, ...values))[0],
    [Symbol.dispose]: () => void database.close(),
  };
}

async function readArrivals(snapshot: Snapshot): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  for (let after = 0; ;) {
    const page = await replay(snapshot, {
      name: chatsCreate.name,
      after,
      upTo: snapshot.head,
      topics: 'all',
      limit: pageSize,
    });
    for (const { at, data } of page) {
      const { room, source, lang, customerId } = chatsCreate.listen.data.parse(data).chat;
      arrivals.push({ at, room, source, lang, customerId });
    }
    const last = page.at(-1)?.position;
    if (last === undefined) return arrivals.toSorted((left, right) => left.at - right.at);
    after = last;
  }
}

/** Everybody who was ever logged in, in the rooms they are in now or had chats of. */
async function readStaff(snapshot: Snapshot): Promise<StaffMember[]> {
  const rows = await snapshot.all(
    `SELECT a.*, (SELECT json_group_array(room) FROM (
       SELECT room FROM agent_room r WHERE r.agent_id = a.id
       UNION SELECT c.room FROM membership m JOIN chat c ON c.id = m.chat_id WHERE m.user_id = a.id
     )) AS rooms FROM agent a ORDER BY a.id`,
  );
  return rows.map((row) => ({
    id: text(row, 'id'),
    rooms: JSON.parse(text(row, 'rooms')),
    langs: JSON.parse(text(row, 'langs')),
    capacity: integer(row, 'capacity'),
    tier: integer(row, 'tier'),
  }));
}
