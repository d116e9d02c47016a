import type { Row, Value } from './log.ts';

/** What a database has to offer to carry a log: statements and one transaction at a time. */
export interface Driver extends AsyncDisposable {
  first(sql: string, ...values: Value[]): Promise<Row | undefined>;
  all(sql: string, ...values: Value[]): Promise<Row[]>;
  run(sql: string, ...values: Value[]): Promise<void>;
  begin(): Promise<void>;
  /** Resolves when the transaction is on stable storage. */
  commit(): Promise<void>;
  /** Undoes the transaction, if one is open. */
  rollback(): Promise<void>;
}
