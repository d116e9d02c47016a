import { connect, type Events, isEventError } from '@parley/client';
import { type Chats, withChats } from '@parley/client/chats';

import type { Outcome, Record, Side } from './stream.ts';

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

/** Puts a line into the stream for each occurrence, and returns a `send` that does so for each send. */
function recordEvents(events: Events, side: Side, record: Record): Events['send'] {
  events.onAny((data, { name, position, seq }) => {
    const entry = { id: shortId(), side, at: new Date(), name, data, position, seq };
    record({ kind: 'add', entry: { kind: 'occurrence', ...entry } });
  });

  // The page has no use for all of these on both sides, but the stream lists them.
  for (const name of ['chats:create', 'chats:assign', 'queues:update'] as const) {
    events.subscribe(name, () => {});
  }

  return (name, data, options) => {
    const id = shortId();
    const sentAt = performance.now();
    const entry = { id, side, at: new Date(), name, data };
    record({ kind: 'add', entry: { kind: 'send', ...entry, outcome: { state: 'sent' } } });
    const settle = (outcome: Outcome) => record({ kind: 'settle', id, outcome });
    const sent = events.send(name, data, options);
    sent.then(
      (reply) => settle({ state: 'replied', reply, milliseconds: performance.now() - sentAt }),
      (error: unknown) => settle({ state: 'refused', ...explain(error) }),
    );
    return sent;
  };
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

/** The code and the sentence of whatever went wrong. */
export function explain(error: unknown): { code: string; message: string } {
  if (isEventError(error)) return { code: error.code, message: error.message };
  return { code: 'ERROR', message: error instanceof Error ? error.message : String(error) };
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

export function shortId(): string {
  return Math.random().toString(36).slice(2, 8);
}
