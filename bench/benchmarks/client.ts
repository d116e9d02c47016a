import { signToken } from '@parley/server';

import type { Report } from '../clients/client.ts';
import type { ClientName } from '../clients/clients.ts';
import { ClientProcess } from '../kit/client-process.ts';
import { enter, play, type Sample } from '../kit/contest.ts';
import type { Values } from '../kit/measure.ts';
import { requestReply } from '../kit/request-reply.ts';
import { setStage } from '../kit/stage.ts';
import { parleyDurable } from '../peers/index.ts';
import { secret } from '../peers/parley/secret.ts';
import type { Benchmark } from './benchmark.ts';

interface Contender {
  name: ClientName;
  title: string;
}

const contenders: readonly Contender[] = [
  { name: 'trpc', title: 'tRPC’s client' },
  { name: 'parley', title: 'our client' },
  { name: 'wire', title: 'the bare wire' },
];
const chats = 64;
const publisherDepth = 8;
const depths = [1, 64];
const requests = (depth: number) => (depth === 1 ? 'one request at a time' : `${depth} requests`);
const deliveries = 'deliveries';

export const client: Benchmark = {
  id: 'client',
  title: 'What the client costs',
  about:
    'Processor time of the process of a client, all against the same Parley server: `chats:get` one at a time and 64 at the ' +
    `same time, and hearing \`messages:new\` while ${chats} publishers keep ${chats * publisherDepth} messages under way. ` +
    'tRPC’s client is `createWSClient` with `wsLink` and superjson; the bare wire is a hand-made socket that counts frames ' +
    'and decodes nothing, and stands for the least that is possible in Node.',
  baseline: 'trpc',
  contenders,
  columns: [
    { key: 'cpu', title: 'client CPU µs each', digits: 1, ratio: true },
    { key: 'perSecond', title: 'per second', digits: 0 },
  ],
  plotted: ['cpu'],
  goals: [
    { case: requests(1), contender: 'parley', key: 'cpu', atMost: 0.4 },
    { case: requests(64), contender: 'parley', key: 'cpu', atMost: 0.4 },
    { case: deliveries, contender: 'parley', key: 'cpu', atMost: 0.3 },
  ],
  async run({ rounds, quick, progress }) {
    const milliseconds = quick ? 300 : 2000;
    const warmUp = quick ? 300 : 3000;
    await using stage = await setStage({
      peer: parleyDurable,
      chats,
      membersPerChat: 1,
      deaf: true,
    });
    const { server, seats } = stage;
    const chatIds = stage.chats.map(({ id }) => id);

    async function open({ name }: Contender) {
      const process = new ClientProcess(name);
      const token = await signToken({ secret, sub: name, role: 'service' });
      await process.obey({ do: 'open', options: { url: server.url, token }, chatIds });
      return process;
    }

    async function hear(process: ClientProcess, duration: number) {
      await process.obey({ do: 'listen' });
      const { operations } = await requestReply({
        seats,
        depth: publisherDepth,
        milliseconds: duration,
      });
      return valuesOf(await process.obey({ do: 'hear', count: operations }));
    }

    await using stages = await enter(contenders, open, progress);
    const samples: Sample[] = [];
    for (const depth of depths) {
      const ask = (process: ClientProcess, duration: number) =>
        process.obey({ do: 'request', depth, milliseconds: duration });
      const played = await play(stages.of, {
        case: requests(depth),
        rounds,
        warmUp: (process) => ask(process, warmUp),
        play: async (process) => valuesOf(await ask(process, milliseconds)),
        progress,
      });
      samples.push(...played);
    }
    const heard = await play(stages.of, {
      case: deliveries,
      rounds,
      warmUp: (process) => hear(process, warmUp),
      play: (process) => hear(process, milliseconds),
      progress,
    });
    return {
      settings: { chats, publisherDepth, depths: depths.join(', '), milliseconds, warmUp },
      samples: [...samples, ...heard],
    };
  },
};

function valuesOf({ operations, cpu, seconds }: Report): Values {
  return { cpu: cpu / operations, perSecond: operations / seconds };
}
