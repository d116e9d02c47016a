import type { Benchmark, Column, Goal } from '../benchmarks/benchmark.ts';
import type { Sample } from '../kit/contest.ts';
import { median } from '../kit/statistics.ts';

/** The samples of one case, and what they come to. */
export interface CaseSummary {
  name: string;
  rows: Row[];
}

export interface Row {
  contender: string;
  title: string;
  cells: Cell[];
}

/** The medians over the rounds; undefined where a contender was not asked or could not. */
export interface Cell {
  column: Column;
  value: number | undefined;
  /** The median of the ratios to the baseline in the same round. */
  ratio: number | undefined;
}

export interface Verdict {
  goal: Goal;
  title: string;
  /** What the bound is on. */
  measured: number | undefined;
  /** `failed`: others were measured, and this contender could not keep up. */
  outcome: 'met' | 'missed' | 'failed' | 'not measured';
}

export function summarize(benchmark: Benchmark, samples: readonly Sample[]): CaseSummary[] {
  const names = [...new Set(samples.map((each) => each.case))];
  return names.map((name) => {
    const ofCase = samples.filter((each) => each.case === name);
    const columns = benchmark.columns.filter(({ key }) =>
      ofCase.some(({ values }) => values[key] !== undefined),
    );
    const known = new Set(samples.map(({ contender }) => contender));
    const rows = benchmark.contenders
      .filter((contender) => known.has(contender.name))
      .map(({ name: contender, title }) => ({
        contender,
        title,
        cells: columns.map((column) => cellOf(benchmark, ofCase, contender, column)),
      }));
    return { name, rows };
  });
}

function cellOf(
  { baseline }: Benchmark,
  samples: readonly Sample[],
  contender: string,
  column: Column,
): Cell {
  const { key } = column;
  const values = new Map<number, number>();
  const ratios: number[] = [];
  for (const sample of samples) {
    const value = sample.values[key];
    if (sample.contender === contender && value !== undefined) values.set(sample.round, value);
  }
  for (const sample of samples) {
    const [base, value] = [sample.values[key], values.get(sample.round)];
    if (sample.contender === baseline && base && value !== undefined) ratios.push(value / base);
  }
  return {
    column,
    value: values.size > 0 ? median([...values.values()]) : undefined,
    ratio: column.ratio && ratios.length > 0 ? median(ratios) : undefined,
  };
}

export function judge(benchmark: Benchmark, summaries: readonly CaseSummary[]): Verdict[] {
  return benchmark.goals.map((goal) => {
    const rows = summaries.find(({ name }) => name === goal.case)?.rows;
    const measured = measuredFor(goal, summaries);
    const title =
      benchmark.contenders.find(({ name }) => name === goal.contender)?.title ?? goal.contender;
    const unmeasured = rows ? 'failed' : 'not measured';
    const judged = measured !== undefined && measured <= goal.atMost ? 'met' : 'missed';
    return { goal, title, measured, outcome: measured === undefined ? unmeasured : judged };
  });
}

function measuredFor(goal: Goal, summaries: readonly CaseSummary[]): number | undefined {
  const cellIn = (name: string) =>
    summaries
      .find((each) => each.name === name)
      ?.rows.find(({ contender }) => contender === goal.contender)
      ?.cells.find(({ column }) => column.key === goal.key);
  const { of } = goal;
  const cell = cellIn(goal.case);
  if (of === undefined) return cell?.ratio;
  if (of === 'value') return cell?.value;
  const other = cellIn(of.case)?.value;
  return cell?.value === undefined || !other ? undefined : cell.value / other;
}
