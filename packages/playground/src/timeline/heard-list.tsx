import { formatInstant } from '../format.ts';
import type { Heard } from '../identities/identity.ts';
import { Json } from '../json.tsx';
import { excerptOf } from './excerpt.ts';

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
            <details>
              <summary>
                <strong className="name">{each.occurrence.name}</strong>
                <span className="excerpt">{excerptOf(each.occurrence.data)}</span>
                <Position position={each.occurrence.position} />
              </summary>
              <p className="facts">
                {formatInstant(each.occurrence.at)} · by {each.occurrence.by.id}
                {each.occurrence.seq !== undefined && ` · seq ${each.occurrence.seq}`}
                <ResumeButton position={each.occurrence.position} onResume={onResume} />
              </p>
              <Json value={each.occurrence.data} />
            </details>
          </li>
        ),
      )}
    </ol>
  );
}

function Position({ position }: { position: number | undefined }) {
  if (position === undefined) return <small title="live only: it has no position">live</small>;
  return <small title="its position in the log">@{position}</small>;
}

function ResumeButton({
  position,
  onResume,
}: {
  position: number | undefined;
  onResume(position: number): void;
}) {
  if (position === undefined) return null;
  return (
    <button type="button" onClick={() => onResume(position)}>
      Resume from here
    </button>
  );
}
