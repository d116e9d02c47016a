import { useState } from 'react';

import type { PlaygroundEvent } from './contract.ts';

interface EventListProps {
  events: readonly PlaygroundEvent[];
  selected: PlaygroundEvent | undefined;
  onSelect(name: string): void;
}

/** All events, those that fit the search. */
export function EventList({ events, selected, onSelect }: EventListProps) {
  const [search, setSearch] = useState('');
  const words = search.toLowerCase().split(/\s+/);
  const found = events.filter(({ name, summary }) => {
    const text = `${name} ${summary}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <nav className="events" aria-label="Events">
      <input
        type="search"
        aria-label="Search events"
        placeholder={`Search ${events.length} events`}
        value={search}
        onChange={({ target }) => setSearch(target.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter' && found[0]) onSelect(found[0].name);
        }}
      />
      <ul>
        {found.map(({ name, summary, send, listen, deprecated }) => (
          <li key={name}>
            <button
              type="button"
              title={summary}
              aria-current={name === selected?.name}
              className={deprecated ? 'deprecated' : undefined}
              onClick={() => onSelect(name)}
            >
              <span>{name}</span>
              <span className="halves">
                {send && <abbr title="can be sent">↑</abbr>}
                {listen && <abbr title="can be listened to">↓</abbr>}
              </span>
            </button>
          </li>
        ))}
        {found.length === 0 && <li className="empty">No event fits.</li>}
      </ul>
    </nav>
  );
}
