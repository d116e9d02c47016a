import type { Session } from '../access/session.ts';
import { Groups } from '../groups.ts';

/** Who is connected. A user is online while one connection lives. */
export interface Presence {
  isOnline(userId: string): boolean;
  connect(session: Session): void;
  disconnect(session: Session): void;
}

export interface PresenceOptions {
  /** The user's first connection came, or the last one went. */
  onChange(userId: string, online: boolean): void;
}

export function createPresence({ onChange }: PresenceOptions): Presence {
  const connections = new Groups<string>();
  return {
    isOnline: (userId) => connections.has(userId),
    connect({ user, connectionId }) {
      const wasOnline = connections.has(user.id);
      connections.add(user.id, connectionId);
      if (!wasOnline) onChange(user.id, true);
    },
    disconnect({ user, connectionId }) {
      const left = connections.delete(user.id, connectionId);
      if (left && !connections.has(user.id)) onChange(user.id, false);
    },
  };
}
