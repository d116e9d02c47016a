import { DatabaseSync } from 'node:sqlite';

import * as z from 'zod';

import { type Logged, messageName } from './history.ts';

const Row = z.object({
  position: z.number(),
  name: z.string(),
  chat_id: z.string().nullable(),
  seq: z.number().nullable(),
  by_id: z.string(),
  cause: z.string().nullable(),
  data: z.string(),
});

const MessageData = z.object({ message: z.object({ message: z.string() }) });

/** An occurrence as it is stored. */
export interface Happened {
  name: string;
  /** In milliseconds since 1970. */
  at: number;
  data: unknown;
}

const HappenedRow = z.object({ name: z.string(), at: z.number(), data: z.string() });

/** Every occurrence in the log of a store with its data, by position. */
export function readHappened(file: string): Happened[] {
  return rowsOf(file).map((row) => {
    const { name, at, data } = HappenedRow.parse(row);
    return { name, at, data: JSON.parse(data) };
  });
}

/** Everything in the log of a store, by position. The store itself is asked, past the server and all its caches. */
export function readLog(file: string): Logged[] {
  return rowsOf(file).map((row) => toLogged(Row.parse(row)));
}

function rowsOf(file: string) {
  const database = new DatabaseSync(file);
  try {
    return database.prepare('SELECT * FROM event WHERE position > 0 ORDER BY position').all();
  } finally {
    database.close();
  }
}

function toLogged({
  position,
  name,
  chat_id,
  seq,
  by_id,
  cause,
  data,
}: z.infer<typeof Row>): Logged {
  return {
    position,
    name,
    chatId: chat_id ?? undefined,
    seq: seq ?? undefined,
    author: by_id,
    key: cause ?? undefined,
    text: name === messageName ? MessageData.parse(JSON.parse(data)).message.message : undefined,
  };
}
