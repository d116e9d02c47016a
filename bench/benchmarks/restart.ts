import { enter, play } from '../kit/contest.ts';
import { connectAndSubscribe, disconnectAll, opening, type Present } from '../kit/crowd.ts';
import { furnishOnce } from '../kit/furnished.ts';
import { measure } from '../kit/measure.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { others, parleyDurable } from '../peers/index.ts';
import type { Benchmark } from './benchmark.ts';

const contenders = [...others, parleyDurable];
const membersPerChat = 5;

export const restart: Benchmark = {
  id: 'E',
  title: 'Everybody comes back after a restart',
  about:
    `A server that has just started, and clients that connect and subscribe, ${opening} at the same time. Parley finds its ` +
    'chats in the store, checks a signed token of each client and what each may hear; the peers ask for no token. Nothing is ' +
    'warm: this is what a restart costs.',
  baseline: 'raw-ws',
  contenders,
  columns: [
    { key: 'cpu', title: 'CPU µs per client', digits: 0, ratio: true },
    { key: 'cpuMs', title: 'CPU ms in all', digits: 0 },
    { key: 'wallMs', title: 'wall ms', digits: 0, ratio: true },
  ],
  plotted: ['cpu'],
  goals: [{ case: '2000 clients', contender: 'parley-durable', key: 'cpu', atMost: 1.3 }],
  async run({ rounds, quick, progress }) {
    const clients = quick ? 100 : 2000;
    await using stages = await enter(
      contenders,
      (peer) => furnishOnce(peer, { chats: clients / membersPerChat, membersPerChat }),
      progress,
    );
    const samples = await play(stages.of, {
      case: `${clients} clients`,
      rounds,
      async play({ peer, directory, chats }) {
        await using server = await ServerProcess.start(peer.server, directory);
        let crowd: Present[] = [];
        const values = await measure(server, async () => {
          crowd = await connectAndSubscribe(peer, server.url, chats);
          return { operations: crowd.length };
        });
        await disconnectAll(crowd);
        return values;
      },
      progress,
    });
    return { settings: { clients, membersPerChat, opening }, samples };
  },
};
