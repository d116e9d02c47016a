import type { Role } from '@parley/contract';

import type { UserRef } from '../chat/state.ts';
import type { Snapshot, Transaction } from '../log/log.ts';
import { optionalText, text, upsert } from './columns.ts';

/** A user who has been connected at least once. */
export async function loadUser(snapshot: Snapshot, id: string): Promise<UserRef | undefined> {
  const row = await snapshot.first('SELECT * FROM user WHERE id = ?', id);
  return row && { id, name: optionalText(row, 'name'), role: text(row, 'role') as Role };
}

export function saveUser(transaction: Transaction, user: UserRef): Promise<void> {
  return transaction.run(
    ...upsert('user', ['id'], { id: user.id, name: user.name, role: user.role }),
  );
}
