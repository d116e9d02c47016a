import { roles } from '@parley/contract';

import type { UserRef } from '../chat/state.ts';
import type { Row, Snapshot, Transaction } from '../log/log.ts';
import { anyOf, oneOf, optionalText, text, upsert } from './columns.ts';

/** A user who has been connected at least once. */
export async function loadUser(snapshot: Snapshot, id: string): Promise<UserRef | undefined> {
  const row = await snapshot.first('SELECT * FROM user WHERE id = ?', id);
  return row && toUser(row);
}

/** Those of these users who have been connected at least once, by id. */
export async function loadUsers(snapshot: Snapshot, ids: readonly string[]) {
  const rows = await snapshot.all(`SELECT * FROM user WHERE id IN ${anyOf}`, JSON.stringify(ids));
  return new Map(rows.map((row) => [text(row, 'id'), toUser(row)]));
}

function toUser(row: Row): UserRef {
  return {
    id: text(row, 'id'),
    name: optionalText(row, 'name'),
    role: oneOf(roles, row, 'role'),
  };
}

export function saveUser(transaction: Transaction, { id, name, role }: UserRef): void {
  transaction.putOff(`user ${id}`, ...upsert('user', ['id'], { id, name, role }));
}
