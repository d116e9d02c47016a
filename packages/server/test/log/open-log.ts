import { systemEnvironment } from '../../src/environment.ts';
import type { Environment } from '../../src/environment.ts';
import type { Driver } from '../../src/log/driver.ts';
import { openGroupLog } from '../../src/log/group-log.ts';
import type { Effect, Log, NewOccurrence } from '../../src/log/log.ts';
import { openSqlite } from '../../src/log/sqlite.ts';

export interface OpenedLog extends AsyncDisposable {
  log: Log;
  driver: Driver;
  /** Every commit's effects. */
  commits: (readonly Effect[])[];
}

/** A log on a store in memory. */
export async function openLog(
  environment: Environment = systemEnvironment,
  driver = openSqlite(':memory:'),
): Promise<OpenedLog> {
  const commits: (readonly Effect[])[] = [];
  const onCommit = (effects: readonly Effect[]) => void commits.push(effects);
  const log = await openGroupLog({ driver, environment, onCommit });
  return { log, driver, commits, [Symbol.asyncDispose]: () => log[Symbol.asyncDispose]() };
}

/** Something that happened in no chat. */
export function happening(text: string): NewOccurrence {
  return {
    name: 'system:info',
    durable: true,
    at: 0,
    by: { id: 'system' },
    data: { text },
    topics: ['user:u_ann'],
  };
}
