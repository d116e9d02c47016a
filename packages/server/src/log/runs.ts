import type { Statement } from './draft.ts';
import type { Value } from './log.ts';

/** Statements of one text that follow one another: how many they are, and the values of all of them in one list. */
export interface Run {
  sql: string;
  count: number;
  values: Value[];
}

/** The same statements in the same order, as runs. They are fewer objects, for which another thread has less to copy. */
export function runsOf(statements: readonly Statement[]): Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const { sql, values } of statements) {
    if (run?.sql !== sql) runs.push((run = { sql, count: 0, values: [] }));
    run.count += 1;
    for (const value of values) run.values.push(value);
  }
  return runs;
}
