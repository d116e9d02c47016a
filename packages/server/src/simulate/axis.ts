export interface Tick {
  value: number;
  text: string;
}

/** One direction of a chart: where values lie from 0 to 1, and what is written beside it. */
export interface Axis {
  label: string;
  ticks: readonly Tick[];
  place(value: number): number;
}

export interface LinearAxisOptions {
  label: string;
  highest: number;
  /** At most so many steps, each round in its unit. */
  steps: number;
  round: readonly number[];
  /** Whether the axis ends at a tick that nothing exceeds, or at the highest value. */
  end: 'tick' | 'highest';
}

/** Starts at 0. */
export function linearAxis({ label, highest, steps, round, end }: LinearAxisOptions): Axis {
  const step = roundUp((highest || 1) / steps, round);
  const count = end === 'tick' ? Math.ceil(highest / step) : Math.floor(highest / step);
  const top = (end === 'tick' ? count * step : highest) || 1;
  const ticks = Array.from({ length: count + 1 }, (_, index) => {
    const value = index * step;
    return { value, text: value.toLocaleString('en', { maximumFractionDigits: 2 }) };
  });
  return { label, ticks, place: (value) => value / top };
}

/** What is round in a unit; tenfold it is round too. */
export const roundCounts = [0.1, 0.2, 0.5];
export const roundHours = [0.25, 0.5, 1, 2, 3, 6, 12, 24];

function roundUp(value: number, round: readonly number[]): number {
  for (let scale = 1; ; scale *= 10) {
    const found = round.find((each) => each * scale >= value);
    if (found !== undefined) return found * scale;
  }
}

/** From 0 to 100, with a tick at the share that people ask for. */
export function percentAxis(label: string): Axis {
  const ticks = [0, 25, 50, 75, 95, 100].map((value) => ({ value, text: `${value}` }));
  return { label, ticks, place: (value) => value / 100 };
}

const durations = [
  [1, '1 s'],
  [3, '3 s'],
  [10, '10 s'],
  [30, '30 s'],
  [60, '1 min'],
  [180, '3 min'],
  [600, '10 min'],
  [1800, '30 min'],
  [3600, '1 h'],
  [10_800, '3 h'],
  [36_000, '10 h'],
  [86_400, '1 d'],
  [604_800, '7 d'],
] as const;

/** Seconds on a logarithmic scale: from 1, where anything shorter lies too, to the first tick that nothing exceeds. */
export function durationAxis(label: string, longest: number): Axis {
  const [top] = durations.find(([value]) => value >= longest) ?? [longest];
  const ticks = durations
    .filter(([value]) => value <= top)
    .map(([value, text]) => ({ value, text }));
  return { label, ticks, place: (value) => Math.log(Math.max(value, 1)) / Math.log(top) };
}
