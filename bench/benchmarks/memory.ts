import { enter, play, type Sample } from '../kit/contest.ts';
import { connectAll, connectAndSubscribe, disconnectAll } from '../kit/crowd.ts';
import { furnishOnce } from '../kit/furnished.ts';
import type { Values } from '../kit/measure.ts';
import { ServerProcess } from '../kit/server-process.ts';
import type { Chat, Peer } from '../peers/peer.ts';
import { others, parleyDurable } from '../peers/index.ts';
import type { Benchmark } from './benchmark.ts';

const contenders = [...others, parleyDurable];
const membersPerChat = 5;
const nameOf = (connections: number) => `${connections} connections`;

export const memory: Benchmark = {
  id: 'D',
  title: 'Memory of idle connections',
  about:
    'How much a server grows with each connection that has one subscription and is idle: resident memory, and what the ' +
    'JavaScript heap and its buffers hold, both after a full garbage collection and less what the same server held before. ' +
    'Some have connected and gone before, so that code and caches are there.',
  baseline: 'raw-ws',
  contenders,
  columns: [
    { key: 'heap', title: 'heap kB per connection', digits: 1, ratio: true },
    { key: 'resident', title: 'resident kB per connection', digits: 1, ratio: true },
  ],
  plotted: ['heap'],
  goals: [2000, 10_000].flatMap((connections) => [
    { case: nameOf(connections), contender: 'parley-durable', key: 'heap', atMost: 1.25 },
    { case: nameOf(connections), contender: 'parley-durable', key: 'resident', atMost: 1.25 },
  ]),
  async run({ rounds, quick, progress }) {
    const sizes = quick ? [200] : [2000, 10_000];
    const samples: Sample[] = [];
    for (const connections of sizes) {
      const furniture = { chats: connections / membersPerChat, membersPerChat };
      await using stages = await enter(
        contenders,
        (peer) => furnishOnce(peer, furniture),
        progress,
      );
      const played = await play(stages.of, {
        case: nameOf(connections),
        rounds,
        play: ({ peer, directory, chats }) => measureMemory(peer, directory, chats),
        progress,
      });
      samples.push(...played);
    }
    return { settings: { sizes: sizes.join(', '), membersPerChat }, samples };
  },
};

async function measureMemory(
  peer: Peer,
  directory: string,
  chats: readonly Chat[],
): Promise<Values> {
  await using server = await ServerProcess.start(peer.server, directory);
  await disconnectAll(await connectAll(peer, server.url, chats.slice(0, 20)));
  const before = await server.memory();
  const crowd = await connectAndSubscribe(peer, server.url, chats);
  const after = await server.memory();
  await disconnectAll(crowd);
  const heap = (usage: NodeJS.MemoryUsage) => usage.heapUsed + usage.external;
  return {
    heap: (heap(after) - heap(before)) / crowd.length / 1000,
    resident: (after.rss - before.rss) / crowd.length / 1000,
  };
}
