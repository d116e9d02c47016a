import type { Statement } from './draft.ts';
import type { Row, Value } from './log.ts';

/**
 * What a database has to offer to carry a log: statements and one transaction at a time. Statements run in the order in
 * which they are handed in.
 */
export interface Driver extends AsyncDisposable {
  /** Whether nobody else writes to the store while it is open, so that what was read stays true. */
  readonly isExclusive: boolean;
  first(sql: string, ...values: Value[]): Promise<Row | undefined>;
  all(sql: string, ...values: Value[]): Promise<Row[]>;
  run(sql: string, ...values: Value[]): Promise<void>;
  runAll(statements: readonly Statement[]): Promise<void>;
  /** Resolves when a transaction may begin. */
  ready(): Promise<void>;
  begin(): Promise<void>;
  /** Runs statements in a transaction of their own; resolves when it is on stable storage. */
  commitAll(statements: readonly Statement[]): Promise<void>;
  /** Resolves when the transaction is on stable storage. */
  commit(): Promise<void>;
  /** Undoes the transaction, if one is open. */
  rollback(): Promise<void>;
}
