import {
  type Axis,
  durationAxis,
  linearAxis,
  percentAxis,
  roundCounts,
  roundHours,
} from './axis.ts';
import { type Chart, drawChart, escapeXml, type Point, write } from './chart.ts';
import { type Outcome, quantile } from './outcome.ts';

export interface PlotOptions {
  title: string;
  /** What was simulated, in one line. */
  conditions: string;
}

const [width, height] = [1000, 800];

/** How the lines of algorithms look; dashes tell those apart that lie upon each other. */
const strokes = [
  { light: '#0969da', dark: '#58a6ff', dashes: 'none' },
  { light: '#1a7f37', dark: '#3fb950', dashes: '9 3' },
  { light: '#8250df', dark: '#bc8cff', dashes: '3 3' },
  { light: '#bc4c00', dark: '#f0883e', dashes: '12 3 3 3' },
  { light: '#bf3989', dark: '#f778ba', dashes: '6 2' },
  { light: '#6e5a00', dark: '#d6b84a', dashes: '2 2' },
];

/** Waits, chats per agent and loads over time of several outcomes, as an SVG that follows the reader's light or dark. */
export function drawPlot(outcomes: readonly Outcome[], { title, conditions }: PlotOptions): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeXml(title)}</title>
<style>${style()}</style>
<rect class="paper" width="${width}" height="${height}"/>
${write(title, 70, 38, 'title')}
${write(conditions, 70, 60, 'note')}
${drawLegend(outcomes)}
${drawChart(chartOfWaits(outcomes), { left: 70, top: 165, width: 400, height: 250 })}
${drawChart(chartOfShares(outcomes), { left: 560, top: 165, width: 400, height: 250 })}
${drawChart(chartOfLoads(outcomes), { left: 70, top: 540, width: 890, height: 190 })}
</svg>
`;
}

function chartOfWaits(outcomes: readonly Outcome[]): Chart {
  const longest = Math.max(...outcomes.map(({ waits }) => waits.at(-1) ?? 0));
  return {
    title: 'How long customers wait',
    note: 'until an agent takes the chat or they give up',
    x: durationAxis('wait, logarithmic', longest),
    y: percentAxis('customers who wait no longer (%)'),
    marks: outcomes.map(({ waits }, index) => ({
      className: classOf(index),
      points: percentiles.map((percent): Point => [quantile(waits, percent / 100), percent]),
    })),
  };
}

const percentiles = Array.from({ length: 201 }, (_, index) => index / 2);

function chartOfShares(outcomes: readonly Outcome[]): Chart {
  const sorted = outcomes.map(({ chatsPerAgent }) =>
    Object.values(chatsPerAgent).toSorted((left, right) => right - left),
  );
  const agents = Math.max(...sorted.map(({ length }) => length));
  return {
    title: 'How many chats each agent takes',
    note: 'a level line is fair',
    x: across('agents, from the most chats to the fewest', agents, roundCounts),
    y: up('chats', Math.max(...sorted.flat())),
    marks: sorted.map((chats, index) => ({
      className: classOf(index),
      points: chats.map((count, agent): Point => [agent + 1, count]),
    })),
  };
}

function chartOfLoads(outcomes: readonly Outcome[]): Chart {
  const all = outcomes.flatMap(({ loads }) => loads);
  const highest = Math.max(...all.flatMap(({ mean, spread }) => [mean, spread]));
  const lastHour = Math.ceil(Math.max(...all.map(({ hours }) => hours)));
  const [first] = outcomes;
  const means = first?.loads.map(({ hours, mean }): Point => [hours, mean]) ?? [];
  return {
    title: 'How unevenly agents are loaded',
    note: 'lines: standard deviation of the open chats of each agent; grey: their mean',
    x: across('time (h)', lastHour, roundHours),
    y: up('open chats per agent', highest),
    marks: [
      { className: 'mean', fills: true, points: means },
      ...outcomes.map(({ loads }, index) => ({
        className: classOf(index),
        points: loads.map(({ hours, spread }): Point => [hours, spread]),
      })),
    ],
  };
}

function across(label: string, highest: number, round: readonly number[]): Axis {
  return linearAxis({ label, highest, steps: 10, round, end: 'highest' });
}

function up(label: string, highest: number): Axis {
  return linearAxis({ label, highest, steps: 5, round: roundCounts, end: 'tick' });
}

function drawLegend(outcomes: readonly Outcome[]): string {
  const space = 890 / Math.max(outcomes.length, 6);
  return outcomes
    .map(({ algorithm }, index) => {
      const left = 70 + index * space;
      const line = `<path class="${classOf(index)}" d="M${left},86h28"/>`;
      return line + write(algorithm, left + 35, 90, 'label');
    })
    .join('\n');
}

function classOf(index: number): string {
  return `line line-${index % strokes.length}`;
}

function style(): string {
  const lines = strokes.map(
    ({ light, dashes }, index) => `.line-${index}{stroke:${light};stroke-dasharray:${dashes}}`,
  );
  const darkLines = strokes.map(({ dark }, index) => `.line-${index}{stroke:${dark}}`);
  return `
text{font:12px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}
.title{font-size:20px;font-weight:600}.heading{font-size:15px;font-weight:600}
.note,.tick{fill:#59636e}.tick{font-size:11px}.middle{text-anchor:middle}.end{text-anchor:end}
.paper{fill:#fff}.grid{stroke:#d1d9e0;fill:none}.mean{fill:#818b98;fill-opacity:.2}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round}
${lines.join('')}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}.note,.tick{fill:#9198a1}
.paper{fill:#0d1117}.grid{stroke:#3d444d}
${darkLines.join('')}
}
`;
}
