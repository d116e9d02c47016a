import { formatBytes } from '../format.ts';
import type { Frame } from './frame.ts';

const width = 400;
const height = 36;
const middle = height / 2;

/** The newest frames are this many. */
const most = 80;

/** The newest frames as bars: sent ones go up, received ones down, the higher the larger. */
export function FrameStrip({ frames }: { frames: readonly Frame[] }) {
  const shown = frames.slice(0, most).toReversed();
  const sent = frames.filter(({ direction }) => direction === 'out');
  const received = frames.filter(({ direction }) => direction === 'in');
  const label = `${sent.length} frames sent, ${formatBytes(total(sent))}; ${received.length} received, ${formatBytes(total(received))}`;
  return (
    <svg
      className="strip"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <line x1="0" x2={width} y1={middle} y2={middle} />
      {shown.map(({ id, direction, bytes }, index) => {
        const x = width - (shown.length - index) * (width / most);
        if (direction === 'line') {
          return <rect key={id} className="line" x={x} y={0} width="1" height={height} />;
        }
        const size = Math.min(Math.log2(bytes + 1) * 1.3, middle);
        const y = direction === 'out' ? middle - size : middle;
        return <rect key={id} className={direction} x={x} y={y} width="3" height={size} />;
      })}
    </svg>
  );
}

function total(frames: readonly Frame[]): number {
  return frames.reduce((sum, { bytes }) => sum + bytes, 0);
}
