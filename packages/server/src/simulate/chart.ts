import type { Axis } from './axis.ts';

export type Point = readonly [x: number, y: number];

/** A line through points, or the area beneath it; the class says how it looks. */
export interface Mark {
  className: string;
  points: readonly Point[];
  fills?: boolean;
}

export interface Chart {
  title: string;
  note: string;
  x: Axis;
  y: Axis;
  marks: readonly Mark[];
}

/** Where the field between the axes lies, in pixels. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A chart as SVG. */
export function drawChart({ title, note, x, y, marks }: Chart, frame: Frame): string {
  const { left, top, width, height } = frame;
  const [right, bottom] = [left + width, top + height];
  const across = (value: number) => round(left + x.place(value) * width);
  const up = (value: number) => round(bottom - y.place(value) * height);
  const place = ([valueX, valueY]: Point) => `${across(valueX)},${up(valueY)}`;

  const rows = y.ticks.map(
    ({ value, text }) =>
      `<path class="grid" d="M${left},${up(value)}H${right}"/>` +
      write(text, left - 8, up(value) + 4, 'tick end'),
  );
  const columns = x.ticks.map(
    ({ value, text }) =>
      `<path class="grid" d="M${across(value)},${bottom}v5"/>` +
      write(text, across(value), bottom + 19, 'tick middle'),
  );
  const drawn = marks.map(({ className, points, fills }) => {
    const line = points.map(place).join('L');
    const [first, last] = [points[0], points.at(-1)];
    const closing = fills && first && last ? `V${bottom}H${across(first[0])}Z` : '';
    return `<path class="${className}" d="M${line}${closing}"/>`;
  });
  return [
    write(title, left, top - 34, 'heading'),
    write(note, left, top - 15, 'note'),
    ...rows,
    ...columns,
    ...drawn,
    write(x.label, left + width / 2, bottom + 40, 'label middle'),
    `<g transform="translate(${left - 46} ${top + height / 2}) rotate(-90)">${write(y.label, 0, 0, 'label middle')}</g>`,
  ].join('\n');
}

export function write(text: string, x: number, y: number, className: string): string {
  return `<text class="${className}" x="${x}" y="${y}">${escapeXml(text)}</text>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
