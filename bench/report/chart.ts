import type { CaseSummary } from './summary.ts';

export interface ChartOptions {
  title: string;
  /** The keys of columns of which the first that a case has is drawn. */
  plotted: readonly string[];
}

const width = 760;
const left = 170;
const right = 150;
const barHeight = 16;
const rowHeight = 22;
const top = 64;
const headingHeight = 26;
const caseGap = 22;

/** Horizontal bars, a group for each case with a scale of its own, as an SVG that follows the reader's light or dark. */
export function drawBars(cases: readonly CaseSummary[], { title, plotted }: ChartOptions): string {
  let y = top;
  const groups: string[] = [];
  for (const each of cases) {
    const { unit, bars } = barsOf(each, plotted);
    if (bars.length === 0) continue;
    const longest = Math.max(...bars.map(({ value }) => value ?? 0));
    groups.push(write(`${each.name}: ${unit}`, left, y + 16, 'heading'));
    y += headingHeight;
    for (const { label, value, text, ours } of bars) {
      const long = value && Math.max(1, Math.round((value / longest) * (width - left - right)));
      const bar = `<rect class="bar${ours ? ' ours' : ''}" x="${left}" y="${y}" width="${long}" height="${barHeight}" rx="2"/>`;
      groups.push(
        write(label, left - 10, y + 13, 'label end'),
        long ? bar : '',
        write(text, left + (long ? long + 8 : 0), y + 13, 'value'),
      );
      y += rowHeight;
    }
    y += caseGap;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img">
<title>${escapeXml(title)}</title>
<style>${style}</style>
<rect class="paper" width="${width}" height="${y}"/>
${write(title, 24, 30, 'title')}
${write('median of the rounds (× ratio to the baseline); shorter is better', 24, 50, 'note')}
${groups.filter(Boolean).join('\n')}
</svg>
`;
}

interface Bar {
  label: string;
  value: number | undefined;
  text: string;
  ours: boolean;
}

function barsOf({ rows }: CaseSummary, plotted: readonly string[]) {
  const columns = rows[0]?.cells.map(({ column }) => column) ?? [];
  const key = plotted.find((each) => columns.some((column) => column.key === each));
  const unit = columns.find((column) => column.key === key)?.title ?? '';
  const bars = rows.flatMap(({ contender, title: label, cells }): Bar[] => {
    const cell = cells.find(({ column }) => column.key === key);
    if (!cell) return [];
    const { value, ratio, column } = cell;
    const times = ratio === undefined ? '' : ` (×${ratio.toFixed(2)})`;
    const text = value === undefined ? 'does not keep up' : value.toFixed(column.digits) + times;
    return [{ label, value, text, ours: contender.startsWith('parley') }];
  });
  return { unit, bars };
}

const style = `
text{font:12px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}
.title{font-size:18px;font-weight:600}.heading{font-size:13px;font-weight:600}
.note,.value{fill:#59636e}.end{text-anchor:end}
.paper{fill:#fff}.bar{fill:#8c959f}.ours{fill:#0969da}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}.note,.value{fill:#9198a1}
.paper{fill:#0d1117}.bar{fill:#6e7681}.ours{fill:#58a6ff}
}
`;

function write(text: string, x: number, y: number, className: string): string {
  return `<text class="${className}" x="${x}" y="${y}">${escapeXml(text)}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
