import type { Benchmark } from '../benchmarks/benchmark.ts';
import { deployed } from '../kit/server-process.ts';
import type { Result } from './result.ts';
import { type CaseSummary, judge, type Row, summarize, type Verdict } from './summary.ts';

/** A benchmark, its kept result, and where its picture is. */
export interface Chapter {
  benchmark: Benchmark;
  result: Result;
  picture: string;
}

/** What `docs/benchmarks.md` says. */
export function writeDocument(chapters: readonly Chapter[]): string {
  const summarized = chapters.map((chapter) => ({
    ...chapter,
    cases: summarize(chapter.benchmark, chapter.result.samples),
  }));
  const verdicts = summarized.flatMap(({ benchmark, cases }) =>
    judge(benchmark, cases).map((verdict) => ({ benchmark, verdict })),
  );
  return [
    '# Benchmarks',
    introduction,
    `${kept(chapters)}\n`,
    '## Goals\n',
    table(
      ['', 'work', 'who', 'what', 'goal', 'measured', ''],
      verdicts.map(({ benchmark, verdict }) => goalRow(benchmark, verdict)),
    ),
    ...summarized.map(writeChapter),
  ].join('\n');
}

const introduction = `
Written by \`pnpm bench\` from \`bench/results\`; run it again instead of editing this. \`pnpm bench --quick\` shows in three
minutes that everything works, \`pnpm bench A B\` runs some, \`--rounds 9\` asks for more rounds.

- Every server is a process of its own, and so is what loads it. All contenders play one after the other in each round, and
  each round is begun by another one. A figure is the **median over the rounds**, a ratio (×) the median of the ratios to the
  baseline **in the same round**, which is what survives a noisy machine.
- CPU is the processor time of the whole server process, all threads, in user and kernel mode, from \`/proc/<pid>/stat\`.
- The peers store nothing. Parley is \`serve\` of \`@parley/server\` with a SQLite file, WAL and \`synchronous=FULL\`: a reply
  and an occurrence of a durable event mean that it is on disk. It checks a token, a role and a schema for each call;
  oRPC and tRPC check a schema, Socket.IO and raw \`ws\` nothing.
- *raw ws* is a hand-written loop: JSON, each occurrence encoded once, \`ws.send\` of that buffer to each listener.
  *Socket.IO* has rooms and acknowledgements, WebSocket only. *stock tRPC* is \`applyWSSHandler\`, a generator per
  subscription with \`tracked\` over Node's \`on()\`, superjson. *oRPC* is \`@orpc/server/ws\` with an event iterator over its own
  \`EventPublisher\`. All deliver the same message object, of 60 characters of text, with the same fields.
- The load comes from one process that speaks each wire by hand: prebuilt frames with a zero mask, one write per chunk read,
  no decoding beyond the kind of a frame and the number of the call it answers. No library's client is involved, Socket.IO's and
  oRPC's neither.
- A *fixed rate* is a share of what raw ws reached when saturated in the same run, the same for all, by the clock and without
  waiting for anybody; a delivery is timed from when its publication was due. Who would need more than one processor for it,
  or falls two seconds behind, does not keep up (–).
- All settings are the libraries' own, and Node is started for every server with what \`parley\` starts it with:
  \`${deployed.join(' ')}\`. Whoever makes the load collects its
  garbage between rounds. Results of before 2026-11-24T03:30Z were taken without \`--initial-old-space-size\`, of before 2026-11-23T22:30Z
  without the last of them too, and of before 18:00Z without any. Pings are answered, nobody compresses. Parley's clients are different users; the peers know no users.
`;

function kept(chapters: readonly Chapter[]): string {
  const [first] = chapters;
  if (!first) return 'Nothing has been measured yet.';
  const { machine, versions, at, quick } = first.result;
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const caution = chapters.some(({ result }) => result.quick)
    ? '\n\n**Quick runs are among these: they show that the benchmarks work, and are no ground for judgement.**'
    : '';
  return (
    `${quick ? 'A quick run of' : 'Measured'} ${at.slice(0, 10)} on ${machine.cores} cores of ${machine.cpu}, ` +
    `${machine.memoryGb} GB, ${machine.system}; ${list.join(', ')}.${caution}`
  );
}

function goalRow({ id, columns }: Benchmark, verdict: Verdict): string[] {
  const { goal, title, measured } = verdict;
  const column = columns.find(({ key }) => key === goal.key)?.title ?? goal.key;
  const times = goal.of === 'value' ? '' : '× ';
  const than = typeof goal.of === 'object' ? ` ${goal.of.case}` : '';
  const digits = goal.atMost < 0.1 ? 4 : 2;
  const found = measured === undefined ? '–' : `${times}${measured.toFixed(digits)}`;
  const bound = `≤ ${times}${goal.atMost}${than}`;
  return [id, goal.case, title, column, bound, found, wordOf(verdict)];
}

function wordOf({ goal: { atMost }, measured = atMost, outcome }: Verdict): string {
  const distance = `${(Math.abs(measured / atMost - 1) * 100).toFixed(0)} %`;
  switch (outcome) {
    case 'met':
      return `met, ${distance} below`;
    case 'missed':
      return `**not met**, ${distance} above`;
    case 'failed':
      return '**not met**, does not keep up';
    case 'not measured':
      return 'not measured';
  }
}

function writeChapter(chapter: Chapter & { cases: CaseSummary[] }): string {
  const { benchmark, result, picture, cases } = chapter;
  const { id, title, about } = benchmark;
  const settings = Object.entries(result.settings).map(
    ([name, value]) => `${name} ${JSON.stringify(value, rounded).replaceAll('"', '')}`,
  );
  return [
    `\n## ${id.length === 1 ? `${id}: ` : ''}${title}\n`,
    `${about}\n`,
    `![${title}](${picture})\n`,
    ...cases.map(writeCase),
    `<sub>${[`${result.rounds} rounds`, ...settings].join(' · ')} · ${result.at}</sub>`,
  ].join('\n');
}

const rounded = (_key: string, value: unknown) =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;

function writeCase({ name, rows }: CaseSummary): string {
  const columns = rows[0]?.cells.flatMap(({ column }) => [
    column.title,
    ...(column.ratio ? ['×'] : []),
  ]);
  return `${table([name, ...(columns ?? [])], rows.map(writeRow))}\n`;
}

function writeRow({ title, cells }: Row): string[] {
  return [
    title,
    ...cells.flatMap(({ column, value, ratio }) => [
      value === undefined ? '–' : grouped(value, column.digits),
      ...(column.ratio ? [ratio === undefined ? '–' : ratio.toFixed(2)] : []),
    ]),
  ];
}

function grouped(value: number, digits: number): string {
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
