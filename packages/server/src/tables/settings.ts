import type { Transaction } from '../log/log.ts';
import { upsert } from './columns.ts';

/** As much as the largest send takes, in bytes: where less has room, a store is not well yet. */
const enough = 65_536;

/** Writes what nobody needs, to see whether it can be written. */
export function noteWell(transaction: Transaction): Promise<void> {
  const value = 'x'.repeat(enough);
  return transaction.run(...upsert('setting', ['name'], { name: 'well', value }));
}
