import type { Snapshot, Transaction } from '../log/log.ts';
import { anyOf, integer, text, upsert } from './columns.ts';

/** When tokens of these users were revoked last, in milliseconds since 1970, by user. */
export async function loadRevocations(snapshot: Snapshot, userIds: readonly string[]) {
  const rows = await snapshot.all(
    `SELECT user_id, at FROM revocation WHERE user_id IN ${anyOf}`,
    JSON.stringify(userIds),
  );
  return new Map(rows.map((row) => [text(row, 'user_id'), integer(row, 'at')]));
}

export function saveRevocation(
  transaction: Transaction,
  { userId, at }: { userId: string; at: number },
): Promise<void> {
  return transaction.run(...upsert('revocation', ['user_id'], { user_id: userId, at }));
}
