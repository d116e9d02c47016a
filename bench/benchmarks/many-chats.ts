import { enter, play, type Sample } from '../kit/contest.ts';
import { converse } from '../kit/converse.ts';
import { measure } from '../kit/measure.ts';
import { setStage } from '../kit/stage.ts';
import { others, parleyDurable, parleyEphemeral } from '../peers/index.ts';
import type { Benchmark } from './benchmark.ts';
import { deliveryColumns, fixedRate, playAtFixedRate, rateShare } from './fixed-rate.ts';

const contenders = [...others, parleyEphemeral, parleyDurable];
const chats = 200;
const membersPerChat = 5;
const inTurn = (count: number) => `${count} chats of ${membersPerChat}, one at a time`;
const allAtOnce = (count: number) => `${count} chats of ${membersPerChat}, all at once`;
const goalCase = allAtOnce(chats);

export const manyChats: Benchmark = {
  id: 'C',
  title: 'Many chats, everybody talks',
  about:
    '200 chats with 5 members each, all connected and listening. In each chat the members speak in turn, and the next ' +
    'publication goes out when everybody, the speaker too, has heard one before: with one under way in a chat, and with as ' +
    'many as it has members, which is what the goals are about. Parley once with `users:activity` (ephemeral) and once with ' +
    '`messages:send` (durable: on disk, flushed, before anybody hears it).',
  baseline: 'raw-ws',
  contenders,
  columns: deliveryColumns,
  plotted: ['p99', 'cpu'],
  goals: [
    { case: goalCase, contender: 'parley-ephemeral', key: 'cpu', atMost: 0.6 },
    { case: goalCase, contender: 'parley-durable', key: 'cpu', atMost: 1.1 },
    { case: fixedRate(goalCase), contender: 'parley-ephemeral', key: 'p99', atMost: 1.2 },
    { case: fixedRate(goalCase), contender: 'parley-durable', key: 'p99', atMost: 1.2 },
  ],
  async run({ rounds, quick, progress }) {
    const milliseconds = quick ? 250 : 2000;
    const warmUp = quick ? 300 : 3000;
    // To seat a thousand members of each takes longer than all that a quick run plays.
    const count = quick ? 20 : chats;
    const name = allAtOnce(count);
    /** How many publications of a chat are under way. */
    const cases = { [inTurn(count)]: 1, [name]: membersPerChat };
    await using stages = await enter(
      contenders,
      (peer) => setStage({ peer, chats: count, membersPerChat }),
      progress,
    );
    const saturated: Sample[] = [];
    for (const [each, inFlight] of Object.entries(cases)) {
      const played = await play(stages.of, {
        case: each,
        rounds,
        warmUp: (stage) => converse({ chats: stage.chats, inFlight, milliseconds: warmUp }),
        play: (stage) =>
          measure(stage.server, () => converse({ chats: stage.chats, inFlight, milliseconds })),
        progress,
      });
      saturated.push(...played);
    }
    const paced = await playAtFixedRate(stages.of, {
      case: name,
      saturated: saturated.filter((sample) => sample.case === name),
      rounds,
      milliseconds,
      progress,
    });
    const rates = { [name]: paced.deliveriesPerSecond };
    return {
      settings: { chats: count, membersPerChat, milliseconds, warmUp, rateShare, rates },
      samples: [...saturated, ...paced.samples],
    };
  },
};
