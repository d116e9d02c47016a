/** How busy the agents are at a time: open chats and pending invitations of each, their mean and standard deviation. */
export interface LoadSample {
  /** Since the first chat. */
  hours: number;
  mean: number;
  spread: number;
}

/** What became of the chats under one algorithm. */
export interface Outcome {
  algorithm: string;
  /** How many seconds each customer waited until the chat was taken or closed, or the customer gave up; ascending. */
  waits: readonly number[];
  /** Invitations after a chat's first. */
  jumps: number;
  misses: number;
  rejections: number;
  /** Customers who gave up. */
  abandoned: number;
  /** Assignments that ended with `forever:alone`. */
  alone: number;
  /** How many chats each agent took. */
  chatsPerAgent: Readonly<Record<string, number>>;
  /** The agents' loads from the first chat to the last, each the average of some minutes. */
  loads: readonly LoadSample[];
}

/** The figures by which algorithms are compared. */
export interface Summary {
  algorithm: string;
  chats: number;
  /** In seconds. */
  wait: { p50: number; p95: number; max: number };
  jumpsPerChat: number;
  misses: number;
  rejections: number;
  abandoned: number;
  alone: number;
  fairness: {
    /** Of the chats per agent: 0 when all took the same number, near 1 when one took all. */
    gini: number;
    /** The most chats of one agent over the mean of all. */
    maxToMean: number;
    /** The standard deviation of the agents' loads at one moment, on average over time. */
    spread: number;
  };
}

export function summarize(outcome: Outcome): Summary {
  const { algorithm, waits, jumps, misses, rejections, abandoned, alone, loads } = outcome;
  const shares = Object.values(outcome.chatsPerAgent).toSorted((left, right) => left - right);
  const total = sumOf(shares);
  return {
    algorithm,
    chats: waits.length,
    wait: { p50: quantile(waits, 0.5), p95: quantile(waits, 0.95), max: waits.at(-1) ?? 0 },
    jumpsPerChat: jumps / (waits.length || 1),
    misses,
    rejections,
    abandoned,
    alone,
    fairness: {
      gini: gini(shares, total),
      maxToMean: total === 0 ? 1 : ((shares.at(-1) ?? 0) * shares.length) / total,
      spread: sumOf(loads.map(({ spread }) => spread)) / (loads.length || 1),
    },
  };
}

/** The smallest of the ascending values that the given share of them does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  return values[Math.max(Math.ceil(share * values.length) - 1, 0)] ?? 0;
}

function gini(ascending: readonly number[], total: number): number {
  if (total === 0) return 0;
  const count = ascending.length;
  const weighted = sumOf(ascending.map((value, index) => (2 * (index + 1) - count - 1) * value));
  return weighted / (count * total);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
