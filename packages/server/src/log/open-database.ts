import Database from 'better-sqlite3';

import type { Statement } from './draft.ts';
import type { Row, Value } from './log.ts';

/** A connection to a SQLite database, and its statements, each prepared once. */
export interface OpenDatabase {
  readonly database: Database.Database;
  prepare(sql: string): Database.Statement<Value[], Row>;
  runAll(statements: readonly Statement[]): void;
}

/** Opens a database so that a commit is on stable storage when it returns. Checkpoints are left to whoever opens it. */
export function openDatabase(file: string): OpenDatabase {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 0');
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 5000');

  const statements = new Map<string, Database.Statement<Value[], Row>>();
  const prepare = (sql: string) => {
    let statement = statements.get(sql);
    if (!statement)
      statements.set(sql, (statement = database.prepare<Value[], Row>(plannedOnce(sql))));
    return statement;
  };
  return {
    database,
    prepare,
    runAll(list) {
      for (const { sql, values } of list) prepare(sql).run(...values);
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
