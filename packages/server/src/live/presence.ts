import { isRevoked } from '../access/revocation.ts';
import type { Session } from '../access/session.ts';
import { Groups } from '../groups.ts';

/** A connection as far as the inside of the server knows it. */
export interface Attendance {
  /** Ends what it hears and does at once, and closes it for good. */
  expel(): void;
}

/** Who is connected. A user is online while one connection lives. */
export interface Presence {
  isOnline(userId: string): boolean;
  /** How many connections the user has. */
  count(userId: string): number;
  connect(session: Session, attendance: Attendance): void;
  disconnect(session: Session, attendance: Attendance): void;
  /** Expels every connection of the user, and those that come with a token issued up to this time. */
  expel(userId: string, at: number): void;
}

export interface PresenceOptions {
  /** The user's first connection came, or the last one went. */
  onChange(userId: string, online: boolean): void;
}

export function createPresence({ onChange }: PresenceOptions): Presence {
  const connections = new Groups<Attendance>();
  const expelled = new Map<string, number>();
  return {
    isOnline: (userId) => connections.has(userId),
    count: (userId) => connections.count(userId),
    connect({ user, issuedAt }, attendance) {
      const wasOnline = connections.has(user.id);
      connections.add(user.id, attendance);
      if (!wasOnline) onChange(user.id, true);
      // It may have happened after the token was checked.
      if (isRevoked(issuedAt, expelled.get(user.id))) attendance.expel();
    },
    disconnect({ user }, attendance) {
      const left = connections.delete(user.id, attendance);
      if (left && !connections.has(user.id)) onChange(user.id, false);
    },
    expel(userId, at) {
      expelled.set(userId, at);
      for (const attendance of connections.of(userId)) attendance.expel();
    },
  };
}
