import Database from 'better-sqlite3';

import type { Row, Value } from './log.ts';
import type { Run } from './runs.ts';

type Prepared = Database.Statement<Value[], Row>;

/** A connection to a SQLite database, and its statements, each prepared once. */
export interface OpenDatabase {
  readonly database: Database.Database;
  prepare(sql: string): Prepared;
  runAll(runs: readonly Run[]): void;
  /** Ends the transaction, on stable storage, and says how many milliseconds that took. */
  commit(): number;
}

/** So many rows that follow one another go in by one statement: each takes a quarter to a half less than alone. */
const rowsTogether = 8;

/** Opens a database so that a commit is on stable storage when it returns. Checkpoints are left to whoever opens it. */
export function openDatabase(file: string): OpenDatabase {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 0');
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 5000');

  const statements = new Map<string, Prepared>();
  const prepare = (sql: string) => {
    let statement = statements.get(sql);
    if (!statement)
      statements.set(sql, (statement = database.prepare<Value[], Row>(plannedOnce(sql))));
    return statement;
  };

  const insertsOfMany = new Map<string, Prepared | undefined>();
  /** What inserts several rows instead of one; nothing when that is not what the statement does. */
  const prepareForMany = (sql: string) => {
    if (!insertsOfMany.has(sql)) {
      const [, into, row = '', end] = plainInsert.exec(sql) ?? [];
      const rows = Array.from({ length: rowsTogether }, () => row).join(', ');
      insertsOfMany.set(sql, row ? prepare(`${into}${rows}${end}`) : undefined);
    }
    return insertsOfMany.get(sql);
  };

  return {
    database,
    prepare,
    runAll(runs) {
      for (const { sql, count, values } of runs) {
        const width = values.length / count;
        const insert = count < rowsTogether ? undefined : prepareForMany(sql);
        let done = 0;
        for (; insert && done + rowsTogether <= count; done += rowsTogether) {
          insert.run(...values.slice(done * width, (done + rowsTogether) * width));
        }
        const one = prepare(sql);
        for (; done < count; done += 1) one.run(...values.slice(done * width, (done + 1) * width));
      }
    },
    commit() {
      const start = performance.now();
      prepare('COMMIT').run();
      return performance.now() - start;
    },
  };
}

/**
 * With the statistics that better-sqlite3's SQLite is built for, a query is planned anew each time a bare `?` is bound.
 * `+?` is the same value to it, and not looked into.
 */
function plannedOnce(sql: string): string {
  return plainInsert.test(sql) ? sql : sql.replaceAll('?', '+?');
}

/** What is nothing but rows of values has no plan. */
const plainInsert = /^(INSERT [^()]*\([^()]*\) VALUES )(\([^()]*\))([^]*)$/;
