import type { Snapshot, Transaction } from '../log/log.ts';
import { optionalInteger, upsert } from './columns.ts';

/** When the user's tokens were revoked last, in milliseconds since 1970. */
export async function loadRevocation(snapshot: Snapshot, userId: string) {
  const row = await snapshot.first('SELECT at FROM revocation WHERE user_id = ?', userId);
  return row && optionalInteger(row, 'at');
}

export function saveRevocation(
  transaction: Transaction,
  { userId, at }: { userId: string; at: number },
): Promise<void> {
  return transaction.run(...upsert('revocation', ['user_id'], { user_id: userId, at }));
}
