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
const inTurn = `${chats} chats of ${membersPerChat}, one at a time`;
const name = `${chats} chats of ${membersPerChat}, all at once`;
/** How many publications of a chat are under way. */
const cases = { [inTurn]: 1, [name]: membersPerChat };

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
    { case: name, contender: 'parley-ephemeral', key: 'cpu', atMost: 0.6 },
    { case: name, contender: 'parley-durable', key: 'cpu', atMost: 1.1 },
    { case: fixedRate(name), contender: 'parley-ephemeral', key: 'p99', atMost: 1.2 },
    { case: fixedRate(name), contender: 'parley-durable', key: 'p99', atMost: 1.2 },
  ],
  async run({ rounds, quick, progress }) {
    const milliseconds = quick ? 250 : 2000;
    const warmUp = quick ? 300 : 3000;
    await using stages = await enter(
      contenders,
      (peer) => setStage({ peer, chats, membersPerChat }),
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
      settings: { chats, membersPerChat, milliseconds, warmUp, rateShare, rates },
      samples: [...saturated, ...paced.samples],
    };
  },
};
