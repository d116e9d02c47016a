import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import Database from 'better-sqlite3';

import { createCheckpointer } from './checkpointer.ts';
import type { Driver } from './driver.ts';
import type { Row, Value } from './log.ts';

/** The store cannot be used; the message says why and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** How many pages are written ahead, at the most, where nothing else brings them to where they belong. */
const checkpointPages = 4000;

/** Opens a SQLite database, a file or `:memory:`, and brings its schema up to date. One process may have a file open. */
export function openSqlite(file: string): Driver {
  const inMemory = file === ':memory:';
  if (!inMemory) mkdirSync(dirname(file), { recursive: true });
  const lock = inMemory ? undefined : lockFile(file);
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 5000');
  migrate(database);
  const checkpointer = inMemory ? undefined : createCheckpointer(file, checkpointHere);
  if (checkpointer) database.pragma('wal_autocheckpoint = 0');

  function checkpointHere() {
    if (database.open) database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  }

  const statements = new Map<string, Database.Statement<Value[], Row>>();
  const prepare = (sql: string) => {
    let statement = statements.get(sql);
    if (!statement)
      statements.set(sql, (statement = database.prepare<Value[], Row>(plannedOnce(sql))));
    return statement;
  };
  const run = async (sql: string, ...values: Value[]) => {
    checkpointer?.count(1);
    prepare(sql).run(...values);
  };

  return {
    isExclusive: true,
    first: async (sql, ...values) => prepare(sql).get(...values),
    all: async (sql, ...values) => prepare(sql).all(...values),
    run,
    runAll: async (list) => {
      checkpointer?.count(list.length);
      for (const { sql, values } of list) prepare(sql).run(...values);
    },
    begin: async () => {
      await checkpointer?.ready();
      await run('BEGIN IMMEDIATE');
    },
    commit: () => run('COMMIT'),
    rollback: async () => {
      if (database.inTransaction) await run('ROLLBACK');
    },
    [Symbol.asyncDispose]: async () => {
      await checkpointer?.[Symbol.asyncDispose]();
      database.close();
      lock?.close();
    },
  };
}

/**
 * With the statistics that better-sqlite3's SQLite is built for, a query is planned anew each time a bare `?` is bound.
 * `+?` is the same value to it, and not looked into.
 */
function plannedOnce(sql: string): string {
  return isPlainInsert.test(sql) ? sql : sql.replaceAll('?', '+?');
}

/** What is nothing but values has no plan. */
const isPlainInsert = /^INSERT [^()]*\([^()]*\) VALUES/;

/** Holds an exclusive lock beside the file, which the system frees when the process ends, however it ends. */
function lockFile(file: string): Database.Database {
  const lock = new Database(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    const message = `The store ${file} is in use by another process. Stop that one, or give this one a store of its own.`;
    throw new StoreError(message, { cause });
  }
}

const schemaDirectory = join(import.meta.dirname, 'schema');

/** Runs the numbered files of the schema that the database has not seen yet. */
function migrate(database: Database.Database): void {
  const files = readdirSync(schemaDirectory).filter((name) => name.endsWith('.sql'));
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > files.length) {
    throw new StoreError(
      'The store was written by a newer Parley. Update this one, or use another store.',
    );
  }
  for (const [index, name] of files.toSorted().entries()) {
    if (index < version) continue;
    const sql = readFileSync(join(schemaDirectory, name), 'utf8');
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}
