import { connect, type Events } from '@parley/client';
import { type Chats, withChats } from '@parley/client/chats';

import { recordEvents } from './record-events.ts';
import type { Record, Side } from './stream.ts';

export interface User {
  id: string;
  name: string;
  role: Side;
}

export type Client = Events & { readonly chats: Chats };

/** One user's connection to the server. */
export interface Connection {
  user: User;
  client: Client;
}

/** Connects a user, and records all that the user sends and hears. */
export function openConnection(user: User, record: Record): Connection {
  const url = new URL('/events', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const events = connect({ url: url.href, token: () => fetchToken(user) });
  const send = recordEvents(events, user.role, record);
  return { user, client: withChats(events, { send }) };
}

/** Resolves once the connection is open, and all that was subscribed to before is heard. */
export function opened({ status, onStatus }: Client): Promise<void> {
  return new Promise((resolve) => {
    if (status.state === 'open') return resolve();
    const off = onStatus(({ state }) => {
      if (state !== 'open') return;
      off();
      resolve();
    });
  });
}

/** A back end of your own signs tokens for its users; in development the server does it for anybody. */
export async function fetchToken({ id: sub, name, role }: User): Promise<string> {
  const response = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sub, name, role }),
  });
  if (!response.ok) throw new Error(`No token (${response.status}): is the server in development?`);
  const { token } = (await response.json()) as { token: string };
  return token;
}
