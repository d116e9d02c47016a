import type { Events } from '@parley/client';

import { explain } from './explain.ts';
import { shortId } from './short-id.ts';
import type { Outcome, Record, Side } from './stream.ts';

/** Puts a line into the stream for each occurrence, and returns a `send` that does so for each send. */
export function recordEvents(events: Events, side: Side, record: Record): Events['send'] {
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
