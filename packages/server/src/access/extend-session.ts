import { EventError } from '../event-error.ts';
import type { Session } from './session.ts';

/**
 * Lets a session last as long as that of a newer token, which has to be of the same user in the same role and for the same
 * rooms: what a connection hears was settled when it came, so a token for less has to come with a connection of its own.
 */
export function extendSession(session: Session, newer: Session): void {
  const { user, role, rooms, expiresAt, issuedAt } = newer;
  if (user.id !== session.user.id || role !== session.role) throw new EventError('FORBIDDEN');
  if (!isSameSet(rooms, session.rooms)) throw new EventError('FORBIDDEN');
  if (expiresAt <= session.expiresAt) return;
  session.expiresAt = expiresAt;
  session.issuedAt = issuedAt;
}

function isSameSet(one: readonly string[] | undefined, other: readonly string[] | undefined) {
  if (!one || !other) return one === other;
  return one.every((each) => other.includes(each)) && other.every((each) => one.includes(each));
}
