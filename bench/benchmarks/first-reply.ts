import { Connection } from '../kit/connection.ts';
import { enter, play } from '../kit/contest.ts';
import { Template } from '../kit/frames.ts';
import { type Furnished, furnishOnce } from '../kit/furnished.ts';
import type { Values } from '../kit/measure.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { others, parleyDurable } from '../peers/index.ts';
import type { Benchmark } from './benchmark.ts';

const contenders = [...others, parleyDurable];

export const firstReply: Benchmark = {
  id: 'F',
  title: 'From start to first reply',
  about:
    'A process starts, its server listens, a client connects and gets the reply to its first request. Processor time is that ' +
    'of the whole process since it began. Parley opens the store it had before and stores the request.',
  baseline: 'raw-ws',
  contenders,
  columns: [
    { key: 'wallMs', title: 'wall ms', digits: 0, ratio: true },
    { key: 'cpuMs', title: 'CPU ms', digits: 0, ratio: true },
  ],
  plotted: ['wallMs'],
  goals: [],
  async run({ rounds, progress }) {
    await using stages = await enter(
      contenders,
      (peer) => furnishOnce(peer, { chats: 1, membersPerChat: 1 }),
      progress,
    );
    const samples = await play(stages.of, { case: 'first reply', rounds, play: start, progress });
    return { settings: {}, samples };
  },
};

async function start({ peer, directory, chats }: Furnished): Promise<Values> {
  const [chat] = chats;
  const [member] = chat?.members ?? [];
  if (!chat || !member) throw new Error('There is nobody to ask.');
  const begin = performance.now();
  await using server = await ServerProcess.start(peer.server, directory);
  const connection = await Connection.open(peer, server.url, member);
  await new Promise<void>((resolve) => {
    connection.hearer = { onReply: () => resolve(), onDelivery: () => {} };
    const [request] = peer.request(chat, member);
    connection.call(new Template(request ?? ''));
  });
  const wallMs = performance.now() - begin;
  const cpuMs = (await server.processorTime()) * 1000;
  await connection.close();
  return { wallMs, cpuMs };
}
