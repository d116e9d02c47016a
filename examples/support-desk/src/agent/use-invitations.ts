import type { ListenEvents } from '@parley/client';
import { useEffect, useState } from 'react';

import type { Connection } from '../connection.ts';
import { recall, remember } from '../remembered.ts';

export interface Invitation extends Omit<ListenEvents['invitations:new']['data'], 'expiresAt'> {
  /** In milliseconds since 1970. */
  invitedAt: number;
  expiresAt: number;
}

export interface PendingInvitations {
  invitations: Invitation[];
  end(invitationId: string): void;
}

/** The invitations an agent has not answered yet. The server cannot be asked for them, so a reload brings them back from memory. */
export function useInvitations({ user, client }: Connection): PendingInvitations {
  const key = `${user.id} invitations`;
  const [invitations, setInvitations] = useState(
    () => (recall(key) as Invitation[] | undefined) ?? [],
  );
  const end = (invitationId: string) =>
    setInvitations((before) => before.filter((each) => each.invitationId !== invitationId));

  useEffect(() => remember(key, invitations), [key, invitations]);

  useEffect(() => {
    const endHeard = ({ invitationId }: { invitationId: string }) => end(invitationId);
    const offs = [
      client.subscribe('invitations:new', (data, { at }) => {
        const times = { invitedAt: at.getTime(), expiresAt: data.expiresAt.getTime() };
        setInvitations((before) => [...before, { ...data, ...times }]);
      }),
      client.subscribe('invitations:accept', endHeard),
      client.subscribe('invitations:reject', endHeard),
      client.subscribe('invitations:expire', endHeard),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [client]);

  return { invitations, end };
}
