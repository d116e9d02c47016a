import type { Session } from '../access/session.ts';

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
  const connections = new Map<string, Set<string>>();
  return {
    isOnline: (userId) => connections.has(userId),
    connect({ user, connectionId }) {
      const known = connections.get(user.id);
      if (known) {
        known.add(connectionId);
      } else {
        connections.set(user.id, new Set([connectionId]));
        onChange(user.id, true);
      }
    },
    disconnect({ user, connectionId }) {
      const known = connections.get(user.id);
      if (!known?.delete(connectionId) || known.size > 0) return;
      connections.delete(user.id);
      onChange(user.id, false);
    },
  };
}
