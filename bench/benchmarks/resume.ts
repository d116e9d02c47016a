import { enter, play } from '../kit/contest.ts';
import { connectAll, disconnectAll } from '../kit/crowd.ts';
import { publishEach } from '../kit/publish-each.ts';
import { measure } from '../kit/measure.ts';
import { ServerProcess } from '../kit/server-process.ts';
import type { Chat, Peer } from '../peers/peer.ts';
import { others, parleyDurable } from '../peers/index.ts';
import type { Benchmark } from './benchmark.ts';

const contenders = [...others, parleyDurable];
const membersPerChat = 5;

interface Stage extends AsyncDisposable {
  peer: Peer;
  server: ServerProcess;
  chats: readonly Chat[];
}

export const resume: Benchmark = {
  id: 'I',
  title: 'Everybody has missed something',
  about:
    'All clients are connected, have missed the same number of messages of their chat, and subscribe at the same moment after ' +
    'what they heard last; 5 members in each chat. Parley reads what was missed from its store on disk and looks at what each ' +
    'may hear; the peers, whose own means of recovery differ or are none, replay a list kept in memory.',
  baseline: 'raw-ws',
  contenders,
  columns: [
    { key: 'cpu', title: 'CPU µs per occurrence', digits: 2, ratio: true },
    { key: 'perSecond', title: 'occurrences/s', digits: 0 },
    { key: 'wallMs', title: 'wall ms', digits: 0, ratio: true },
  ],
  plotted: ['cpu'],
  goals: [],
  async run({ rounds, quick, progress }) {
    const clients = quick ? 100 : 1000;
    const missed = quick ? 50 : 200;
    const furniture = { chats: clients / membersPerChat, membersPerChat };

    async function set(peer: Peer): Promise<Stage> {
      const server = await ServerProcess.start(peer.server);
      const chats = await peer.furnish(server.url, furniture);
      await publishEach(peer, server.url, chats, missed);
      return { peer, server, chats, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
    }

    async function catchUp({ peer, server, chats }: Stage) {
      const crowd = await connectAll(peer, server.url, chats);
      const values = await measure(server, () => {
        const expected = crowd.length * missed;
        return new Promise((resolve) => {
          let operations = 0;
          const onDelivery = () => {
            operations += 1;
            if (operations === expected) resolve({ operations });
          };
          for (const { connection, chat } of crowd) {
            connection.hearer = { onReply: () => {}, onDelivery };
            void connection.subscribe(peer.subscription(chat, chat.cursor));
          }
        });
      });
      await disconnectAll(crowd);
      return values;
    }

    await using stages = await enter(contenders, set, progress);
    const name = `${clients} clients, ${missed} each`;
    const samples = await play(stages.of, {
      case: name,
      rounds,
      warmUp: catchUp,
      play: catchUp,
      progress,
    });
    return { settings: { clients, missed, membersPerChat }, samples };
  },
};
