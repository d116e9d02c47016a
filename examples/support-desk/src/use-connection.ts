import { useCallback, useEffect, useState } from 'react';

import { type Connection, fetchToken, openConnection, opened, type User } from './connection.ts';
import { recall, remember } from './remembered.ts';
import { shortId } from './short-id.ts';
import type { Record, Side } from './stream.ts';

export interface Seat {
  connection: Connection | undefined;
  /** Connects as somebody of that name, and resolves when the listeners on the page hear. */
  signIn(name: string): Promise<Connection>;
  signOut(): void;
}

/** Connects one side of the page, once somebody has signed in; a reload brings them back. */
export function useConnection(role: Side, record: Record): Seat {
  const [connection, setConnection] = useState<Connection>();

  const open = useCallback(
    (user: User) => {
      const next = openConnection(user, record);
      setConnection(next);
      return next;
    },
    [record],
  );

  useEffect(() => {
    const user = recall(role) as User | undefined;
    if (!user) return;
    const { client } = open(user);
    return () => void client.close();
  }, [role, open]);

  useEffect(() => () => void connection?.client.close(), [connection]);

  return {
    connection,
    async signIn(name) {
      if (connection?.user.name === name) return connection;
      const user = { id: `${role}-${shortId()}`, name, role };
      // Without a token, the connection would try again and again, and not say why.
      await fetchToken(user);
      remember(role, user);
      const next = open(user);
      await opened(next.client);
      return next;
    },
    signOut() {
      remember(role, undefined);
      setConnection(undefined);
    },
  };
}
