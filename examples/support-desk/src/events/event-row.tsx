import { memo } from 'react';

import { formatInstant } from '../format.ts';
import type { Entry, Outcome } from '../stream.ts';

/** One line of the stream; a click shows all of it. */
export const EventRow = memo(function EventRow({ entry }: { entry: Entry }) {
  const { side, at, name, kind, data } = entry;
  return (
    <li>
      <details className={`event ${side} ${kind}`}>
        <summary>
          <time dateTime={at.toISOString()}>{formatInstant(at)}</time>
          <span className="who">{side}</span>
          <span className="way">{kind === 'send' ? 'sends' : 'hears'}</span>
          <code className="name">{name}</code>
          <Place entry={entry} />
          <code className="compact">{JSON.stringify(data)}</code>
        </summary>
        <pre>{JSON.stringify(detailsOf(entry), undefined, 2)}</pre>
      </details>
    </li>
  );
});

/** What a line has no room for. */
function detailsOf(entry: Entry): object {
  const { data } = entry;
  if (entry.kind === 'occurrence') return { data };
  switch (entry.outcome.state) {
    case 'sent':
      return { data };
    case 'replied':
      return { data, reply: entry.outcome.reply };
    case 'refused':
      return { data, error: { code: entry.outcome.code, message: entry.outcome.message } };
  }
}

/** Where an occurrence is in the log and in its chat, or what became of a send. */
function Place({ entry }: { entry: Entry }) {
  if (entry.kind === 'send') {
    const { outcome } = entry;
    return <span className={`place ${outcome.state}`}>{describe(outcome)}</span>;
  }
  const { position, seq } = entry;
  if (position === undefined) return <span className="place">live only</span>;
  return (
    <span className="place">
      #{position}
      {seq === undefined ? null : ` · seq ${seq}`}
    </span>
  );
}

function describe(outcome: Outcome): string {
  switch (outcome.state) {
    case 'sent':
      return '…';
    case 'replied':
      return `✓ ${outcome.milliseconds.toFixed(0)} ms`;
    case 'refused':
      return outcome.code;
  }
}
