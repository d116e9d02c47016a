import { enter, play, type Sample } from '../kit/contest.ts';
import { converse } from '../kit/converse.ts';
import { measure } from '../kit/measure.ts';
import { setStage } from '../kit/stage.ts';
import { others, parleyDurable } from '../peers/index.ts';
import type { Benchmark } from './benchmark.ts';
import { deliveryColumns, fixedRate, playAtFixedRate, rateShare } from './fixed-rate.ts';

const contenders = [...others, parleyDurable];
const sizes = [10, 100, 1000];
const usuallyInFlight = 32;

const nameOf = (listeners: number) => `${listeners} listeners`;

export const fanOut: Benchmark = {
  id: 'B',
  title: 'One speaks, many listen',
  about:
    `One connection publishes to 10, 100 or 1,000 others that listen to its chat, with ${usuallyInFlight} publications under way: ` +
    'answered and heard by everybody before the next one goes out. Parley stores and flushes each message ' +
    '(`messages:send` with a key) before anybody hears it; its listeners are services that listen to the chat. ' +
    'A delivery is one listener that hears one message; the replies to the publisher are part of its cost.',
  baseline: 'raw-ws',
  contenders,
  columns: deliveryColumns,
  plotted: ['p99', 'cpu'],
  goals: [
    { case: nameOf(10), contender: 'parley-durable', key: 'cpu', atMost: 0.8 },
    { case: nameOf(100), contender: 'parley-durable', key: 'cpu', atMost: 0.25 },
    { case: nameOf(1000), contender: 'parley-durable', key: 'cpu', atMost: 0.5 },
    { case: fixedRate(nameOf(1000)), contender: 'parley-durable', key: 'p99', atMost: 1.2 },
  ],
  async run({ rounds, quick, progress }) {
    const milliseconds = quick ? 250 : 2000;
    const warmUp = quick ? 300 : 3000;
    const inFlight = quick ? 8 : usuallyInFlight;
    // To seat a thousand listeners of each takes longer than all that a quick run plays.
    const played = quick ? sizes.slice(0, 2) : sizes;
    const samples: Sample[] = [];
    const rates: Record<string, number> = {};
    for (const listeners of played) {
      await using stages = await enter(
        contenders,
        (peer) =>
          setStage({
            peer,
            chats: 1,
            membersPerChat: listeners + 1,
            seats: 'services',
            oneSpeaks: true,
          }),
        progress,
      );
      const name = nameOf(listeners);
      const saturated = await play(stages.of, {
        case: name,
        rounds,
        warmUp: ({ chats }) => converse({ chats, inFlight, milliseconds: warmUp }),
        play: ({ server, chats }) =>
          measure(server, () => converse({ chats, inFlight, milliseconds })),
        progress,
      });
      const paced = await playAtFixedRate(stages.of, {
        case: name,
        saturated,
        rounds,
        milliseconds,
        progress,
      });
      rates[name] = paced.deliveriesPerSecond;
      samples.push(...saturated, ...paced.samples);
    }
    return {
      settings: { sizes: played.join(', '), inFlight, milliseconds, warmUp, rateShare, rates },
      samples,
    };
  },
};
