import type { Progress, Sample } from '../kit/contest.ts';

/** How much a run may take. */
export interface Effort {
  rounds: number;
  /** Small counts and short rounds: shows that everything works, and is no ground for judgement. */
  quick: boolean;
  progress: Progress;
}

/** One of the values that a round gives. */
export interface Column {
  key: string;
  title: string;
  digits: number;
  /** Also shown as the median of its ratios to the baseline in the same round. */
  ratio?: boolean;
}

/** A bound on what one contender needs. */
export interface Goal {
  case: string;
  contender: string;
  key: string;
  atMost: number;
  /** The bound is on the ratio to the baseline unless told: to what the contender needs in another case, or on the value. */
  of?: { case: string } | 'value';
}

export interface Outcome {
  /** Everything that one would have to know to do it again. */
  settings: Record<string, string | number | Record<string, number>>;
  samples: Sample[];
}

export interface Benchmark {
  /** What one asks for on the command line. */
  id: string;
  title: string;
  /** What is done and what differs between contenders; Markdown. */
  about: string;
  /** Whom the ratios are to. */
  baseline: string;
  /** In the order they are listed. */
  contenders: readonly { name: string; title: string }[];
  columns: readonly Column[];
  /** The keys of columns of which the first that a case has is drawn. */
  plotted: readonly string[];
  goals: readonly Goal[];
  run(effort: Effort): Promise<Outcome>;
}
