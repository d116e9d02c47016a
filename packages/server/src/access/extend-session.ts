import { EventError } from '../event-error.ts';
import type { Session } from './session.ts';

/** Lets a session last as long as that of a newer token, which has to be of the same user in the same role. */
export function extendSession(session: Session, newer: Session): void {
  const { user, role, expiresAt, issuedAt } = newer;
  if (user.id !== session.user.id || role !== session.role) throw new EventError('FORBIDDEN');
  if (expiresAt <= session.expiresAt) return;
  session.expiresAt = expiresAt;
  session.issuedAt = issuedAt;
}
