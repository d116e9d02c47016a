import type { Transaction } from '../log/log.ts';
import { saveRevocation } from '../tables/revocations.ts';
import type { Session } from './session.ts';

/** Whether a token is one of those that were revoked: issued up to that second, or nobody knows when. */
export function isRevoked(issuedAt: number | undefined, revokedAt: number | undefined): boolean {
  if (revokedAt === undefined) return false;
  return issuedAt === undefined || issuedAt <= revokedAt;
}

const memoryKey = (userId: string) => `revocation ${userId}`;

/** Ends every session of a user here, in the log's order, and all tokens there are of the user. */
export async function revokeUser(transaction: Transaction, userId: string, at: number) {
  await saveRevocation(transaction, { userId, at });
  transaction.remember(memoryKey(userId), { at });
  transaction.expel(userId, at);
}

/** Whether a session was ended before this work, though its connection had handed it in already. */
export function isExpelled(transaction: Transaction, { user, issuedAt }: Session): boolean {
  // What is remembered under this key is always that.
  const revocation = transaction.recall(memoryKey(user.id)) as { at: number } | undefined;
  return isRevoked(issuedAt, revocation?.at);
}
