import { enter, play, type Sample } from '../kit/contest.ts';
import { converse } from '../kit/converse.ts';
import { measure } from '../kit/measure.ts';
import { requestReply } from '../kit/request-reply.ts';
import { setStage, type Stage } from '../kit/stage.ts';
import { parleyDurable, parleyEphemeral } from '../peers/index.ts';
import type { Benchmark } from './benchmark.ts';

const contenders = [
  { name: 'unguarded', title: 'all limits off', server: 'parley-unguarded' },
  { name: 'guarded', title: 'limits in force', server: 'parley' },
] as const;
const furniture = {
  A: { chats: 64, membersPerChat: 1, deaf: true },
  C: { chats: 200, membersPerChat: 5 },
};
const depth = 8;
const inFlight = furniture.C.membersPerChat;

/** What A and C do. */
const works = {
  A: ({ seats }: Stage, milliseconds: number) => requestReply({ seats, depth, milliseconds }),
  C: ({ chats }: Stage, milliseconds: number) => converse({ chats, inFlight, milliseconds }),
};

const cases = [
  { name: 'A at depth 8, ephemeral', of: 'A', peer: parleyEphemeral },
  { name: 'A at depth 8, durable', of: 'A', peer: parleyDurable },
  { name: 'C all at once, ephemeral', of: 'C', peer: parleyEphemeral },
  { name: 'C all at once, durable', of: 'C', peer: parleyDurable },
] as const;

export const guard: Benchmark = {
  id: 'guard',
  title: 'What the guard costs',
  about:
    'The work of benchmarks A and C, against one Parley server with its limits in force and one with `limits` of 0, which is off: ' +
    'no rates, no looks at how late the event loop is or how much waits for the log. What a load generator would reach is a ' +
    'million instead of the usual, so that it is counted and refuses nobody. What cannot be switched off is in both: the narrow ' +
    'reading of inputs in place of superjson’s, the look at role and schema, the counts for the metrics and the look at what is audited.',
  baseline: 'unguarded',
  contenders,
  columns: [
    { key: 'cpu', title: 'CPU µs each', digits: 2, ratio: true },
    { key: 'perSecond', title: 'per second', digits: 0 },
  ],
  plotted: ['cpu'],
  goals: cases.map(({ name }) => ({ case: name, contender: 'guarded', key: 'cpu', atMost: 1.1 })),
  async run({ rounds, quick, progress }) {
    const milliseconds = quick ? 250 : 2000;
    const warmUp = quick ? 300 : 3000;
    const samples: Sample[] = [];
    for (const { name, of, peer } of cases) {
      const work = works[of];
      await using stages = await enter(
        contenders,
        ({ server }) => setStage({ peer, server, ...furniture[of], ...(quick && { chats: 20 }) }),
        progress,
      );
      const played = await play(stages.of, {
        case: name,
        rounds,
        warmUp: (stage) => work(stage, warmUp),
        play: (stage) => measure(stage.server, () => work(stage, milliseconds)),
        progress,
      });
      samples.push(...played);
    }
    return { settings: { depth, inFlight, milliseconds, warmUp }, samples };
  },
};
