import type { Occurrence } from '@parley/client';

import { formatInstant } from '../format.ts';
import type { Heard } from '../identities/identity.ts';
import { Json } from '../json.tsx';
import { excerptOf } from './excerpt.ts';
import { Row } from './row.tsx';

interface HeardListProps {
  heard: readonly Heard[];
  onResume(position: number): void;
}

/** What somebody has heard, newest first. */
export function HeardList({ heard, onResume }: HeardListProps) {
  if (heard.length === 0) {
    return <p className="empty">Nothing yet. Send something, and who may hear it will.</p>;
  }
  return (
    <ol className="rows" aria-label="Heard">
      {heard.map((each) =>
        each.kind === 'resumed' ? (
          <li key={each.id} className="mark">
            resumed after position {each.after}
          </li>
        ) : (
          <li key={each.id}>
            <OccurrenceRow occurrence={each.occurrence} onResume={onResume} />
          </li>
        ),
      )}
    </ol>
  );
}

interface OccurrenceRowProps {
  occurrence: Occurrence;
  onResume(position: number): void;
}

function OccurrenceRow({ occurrence, onResume }: OccurrenceRowProps) {
  const { name, data, position, seq, at, by } = occurrence;
  const line = (
    <>
      <strong className="name">{name}</strong>
      <span className="excerpt">{excerptOf(data)}</span>
      {position === undefined ? (
        <small title="live only: it has no position">live</small>
      ) : (
        <small title="its position in the log">@{position}</small>
      )}
    </>
  );
  const content = () => (
    <>
      <p className="facts">
        {formatInstant(at)} · by {by.id}
        {seq !== undefined && ` · seq ${seq}`}
        {position !== undefined && (
          <button type="button" onClick={() => onResume(position)}>
            Resume from here
          </button>
        )}
      </p>
      <Json value={data} />
    </>
  );
  return <Row line={line} content={content} />;
}
