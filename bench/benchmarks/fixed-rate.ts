import { play, type Progress, type Sample } from '../kit/contest.ts';
import { measure } from '../kit/measure.ts';
import { pace } from '../kit/pace.ts';
import type { Stage } from '../kit/stage.ts';
import { median } from '../kit/statistics.ts';
import type { Peer } from '../peers/peer.ts';
import type { Column } from './benchmark.ts';

/** The rate that everybody is held to, as a share of what the baseline reached when saturated in the same run. */
export const rateShare = 0.6;

/** What a case tells: how much deliveries take when saturated, and how long at a fixed rate. */
export const deliveryColumns: readonly Column[] = [
  { key: 'cpu', title: 'CPU µs per delivery', digits: 2, ratio: true },
  { key: 'perSecond', title: 'deliveries/s', digits: 0 },
  { key: 'p50', title: 'p50 ms', digits: 2 },
  { key: 'p99', title: 'p99 ms', digits: 2, ratio: true },
];

export const fixedRate = (name: string) => `${name}, fixed rate`;

export interface FixedRateOptions {
  case: string;
  /** What everybody reached when saturated. */
  saturated: readonly Sample[];
  rounds: number;
  milliseconds: number;
  progress: Progress;
}

/** Times deliveries at the same rate for all. Who would need more than one processor for that is not asked. */
export async function playAtFixedRate(
  stages: ReadonlyMap<Peer, Stage>,
  { case: name, saturated, rounds, milliseconds, progress }: FixedRateOptions,
): Promise<{ samples: Sample[]; deliveriesPerSecond: number }> {
  const medianOf = (contender: Peer | undefined, key: string) =>
    median(
      saturated
        .filter((each) => each.case === name && each.contender === contender?.name)
        .map(({ values }) => values[key] ?? Number.NaN),
    );
  const [baseline] = stages.keys();
  const deliveriesPerSecond = rateShare * medianOf(baseline, 'perSecond');
  const busiest = 1e6 / deliveriesPerSecond;
  const able = new Map([...stages].filter(([peer]) => medianOf(peer, 'cpu') < busiest));
  const samples = await play(able, {
    case: fixedRate(name),
    rounds,
    play: ({ server, chats }) => {
      const perSecond = deliveriesPerSecond / (chats[0]?.hearers.length ?? 1);
      return measure(server, () => pace({ chats, perSecond, milliseconds }));
    },
    progress,
  });
  return { samples, deliveriesPerSecond };
}
