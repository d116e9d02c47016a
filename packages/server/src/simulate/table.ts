import { summarize, type Outcome, type Summary } from './outcome.ts';

type Cell = (summary: Summary) => string;

/** The columns beside the name of the algorithm. */
const columns: readonly [heading: string, cell: Cell][] = [
  ['wait p50', ({ wait }) => formatDuration(wait.p50)],
  ['p95', ({ wait }) => formatDuration(wait.p95)],
  ['max', ({ wait }) => formatDuration(wait.max)],
  ['jumps/chat', ({ jumpsPerChat }) => jumpsPerChat.toFixed(2)],
  ['misses', ({ misses }) => formatCount(misses)],
  ['abandoned', ({ abandoned }) => formatCount(abandoned)],
  ['alone', ({ alone }) => formatCount(alone)],
  ['gini', ({ fairness }) => fairness.gini.toFixed(3)],
  ['max/mean', ({ fairness }) => fairness.maxToMean.toFixed(2)],
  ['load spread', ({ fairness }) => fairness.spread.toFixed(2)],
];

/** An aligned table with a row for each algorithm. */
export function printTable(outcomes: readonly Outcome[]): string {
  const rows = [
    ['algorithm', ...columns.map(([heading]) => heading)],
    ...outcomes
      .map(summarize)
      .map((each) => [each.algorithm, ...columns.map(([, cell]) => cell(each))]),
  ];
  const widths = rows[0]?.map((_, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  );
  const align = (text: string, index: number) =>
    index === 0 ? text.padEnd(widths?.[index] ?? 0) : text.padStart(widths?.[index] ?? 0);
  return rows.map((row) => `${row.map(align).join('  ')}\n`).join('');
}

/** Seconds as people say them: `8.3 s`, `2 min 30 s`, `1 h 5 min`. */
function formatDuration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

function formatCount(count: number): string {
  return count.toLocaleString('en');
}
