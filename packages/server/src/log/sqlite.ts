import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import Database from 'better-sqlite3';

import { createCheckpointer } from './checkpointer.ts';
import { CommitTime } from './commit-time.ts';
import type { Driver } from './driver.ts';
import { openDatabase } from './open-database.ts';
import { runsOf } from './runs.ts';
import { StoreThread } from './store-thread.ts';

/** The store cannot be used; the message says why and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** How many pages are written ahead, at the most, where no thread brings them to where they belong. */
const checkpointPages = 4000;

export interface SqliteOptions {
  /** Whether threads may bring home what is written ahead, and commit where the disk is slow, so that meanwhile others are served. */
  threads?: boolean | undefined;
  /**
   * When commits take longer than so many milliseconds, smoothed, the disk is slow; 1 unless told. To hand one over takes
   * about a third of that until it is done, so a fast disk is quicker waited for.
   */
  slowCommit?: number | undefined;
}

/** Opens a SQLite database, a file or `:memory:`, and brings its schema up to date. One process may have a file open. */
export function openSqlite(
  file: string,
  { threads = false, slowCommit = 1 }: SqliteOptions = {},
): Driver {
  const inMemory = file === ':memory:';
  if (!inMemory) mkdirSync(dirname(file), { recursive: true });
  const lock = inMemory ? undefined : lockFile(file);
  const { database, prepare, runAll, commit } = openDatabase(file);
  migrate(database);
  const thread = threads && !inMemory ? new StoreThread(file) : undefined;
  const commitTime = new CommitTime();
  // A thread of its own, for what is committed meanwhile has to be committed by somebody.
  const checkpointThread = thread && new StoreThread(file);
  const checkpointer = checkpointThread && createCheckpointer(checkpointThread, checkpointHere);
  if (!thread) checkpointHere();

  function checkpointHere() {
    if (database.open) database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  }

  const execute = async (sql: string) => void prepare(sql).run();
  /** What a transaction that has not begun cannot undo must not happen. */
  function mustHaveBegun() {
    if (!database.inTransaction) throw new StoreError('No transaction has begun.');
  }

  const driver: Driver = {
    isExclusive: true,
    first: async (sql, ...values) => prepare(sql).get(...values),
    all: async (sql, ...values) => prepare(sql).all(...values),
    run: async (sql, ...values) => {
      mustHaveBegun();
      prepare(sql).run(...values);
    },
    runAll: async (list) => {
      mustHaveBegun();
      checkpointer?.count(list.length);
      runAll(runsOf(list));
    },
    ready: async () => checkpointer?.ready(),
    begin: () => execute('BEGIN IMMEDIATE'),
    commit: async () => commitTime.note(commit()),
    commitAll: async (list) => {
      if (commitTime.milliseconds > slowCommit && thread?.isFree) {
        commitTime.note(await thread.commit(list));
        checkpointer?.count(list.length);
      } else {
        await driver.begin();
        await driver.runAll(list);
        await driver.commit();
      }
    },
    rollback: async () => {
      if (database.inTransaction) await execute('ROLLBACK');
    },
    [Symbol.asyncDispose]: async () => {
      await thread?.[Symbol.asyncDispose]();
      await checkpointThread?.[Symbol.asyncDispose]();
      database.close();
      lock?.close();
    },
  };
  return driver;
}

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
