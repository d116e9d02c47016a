import { formatBytes, formatInstant } from '../format.ts';
import { Json } from '../json.tsx';
import { type Frame, type Part, summarize } from './frame.ts';
import { Row } from './row.tsx';

const arrows = { out: '↑', in: '↓', line: '·' };

/** What a label does not say itself. */
const explained = new Set<Part['kind']>(['send', 'reply', 'refusal', 'occurrence']);

/** Every frame of a connection, newest first. */
export function FrameList({ frames }: { frames: readonly Frame[] }) {
  return (
    <ol className="rows" aria-label="Frames">
      {frames.map((frame) =>
        frame.direction === 'line' ? (
          <li key={frame.id} className="mark">
            {summarize(frame.parts)} at {formatInstant(frame.at)}
          </li>
        ) : (
          <li key={frame.id}>
            <FrameRow frame={frame} />
          </li>
        ),
      )}
    </ol>
  );
}

function FrameRow({ frame: { at, direction, bytes, parts } }: { frame: Frame }) {
  const [first] = parts;
  const line = (
    <>
      <span className={`arrow ${direction}`} title={direction === 'out' ? 'sent' : 'received'}>
        {arrows[direction]}
      </span>
      <strong className={first?.kind}>{summarize(parts)}</strong>
      <span className="kind">{first && explained.has(first.kind) && first.kind}</span>
      {first?.milliseconds !== undefined && <small>{first.milliseconds.toFixed(1)} ms</small>}
      <small>{formatBytes(bytes)}</small>
      <small>{formatInstant(at)}</small>
    </>
  );
  const content = () =>
    parts.map((part, index) => <Json key={index} value={part.message ?? part.label} />);
  return <Row line={line} content={content} />;
}
