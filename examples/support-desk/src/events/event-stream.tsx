import { useState } from 'react';

import type { Entry } from '../stream.ts';
import { EventRow } from './event-row.tsx';

export interface EventStreamProps {
  /** Newest first. */
  stream: readonly Entry[];
  onClear(): void;
}

/** All that either side sends and hears, as it happens. */
export function EventStream({ stream, onClear }: EventStreamProps) {
  const [held, setHeld] = useState<readonly Entry[]>();
  const shown = held ?? stream;
  const newest = held?.[0];
  const missed = newest ? stream.findIndex(({ id }) => id === newest.id) : stream.length;

  return (
    <section className="panel events" aria-label="Events">
      <header className="panel-head">
        <h2>Events</h2>
        <p className="legend">
          <span className="customer">customer</span>
          <span className="agent">agent</span>
        </p>
        <button
          type="button"
          aria-pressed={held !== undefined}
          onClick={() => setHeld(held ? undefined : stream)}
        >
          {held ? `Resume${missed > 0 ? ` (${missed} new)` : ''}` : 'Pause'}
        </button>
        <button
          type="button"
          onClick={() => {
            setHeld(held && []);
            onClear();
          }}
        >
          Clear
        </button>
      </header>
      {shown.length === 0 ? (
        <p className="empty">Nothing yet. Start a chat, or log in as an agent.</p>
      ) : (
        <ol className="stream">
          {shown.map((entry) => (
            <EventRow key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
    </section>
  );
}
