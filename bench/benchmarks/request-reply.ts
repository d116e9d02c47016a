import { enter, play, type Sample } from '../kit/contest.ts';
import { measure } from '../kit/measure.ts';
import { requestReply } from '../kit/request-reply.ts';
import { setStage } from '../kit/stage.ts';
import { others, parleyDurable, parleyEphemeral, parleyRead } from '../peers/index.ts';
import type { Benchmark } from './benchmark.ts';

const contenders = [...others, parleyEphemeral, parleyRead, parleyDurable];
const connections = 64;
const depths = [1, 8];

export const requestAndReply: Benchmark = {
  id: 'A',
  title: 'Request and reply',
  about:
    '64 connections, each with its own chat, send the next request when a reply comes; depth is how many requests of a ' +
    'connection are under way at the same time. The peers answer a message of 60 characters with the message as stored, as ' +
    'Parley does for `messages:send` (durable: on disk, flushed, with an idempotency key). Parley, ephemeral is ' +
    '`users:activity`, in turn writing and not; Parley, read is `chats:get` without fields.',
  baseline: 'raw-ws',
  contenders,
  columns: [
    { key: 'cpu', title: 'CPU µs per reply', digits: 1, ratio: true },
    { key: 'perSecond', title: 'replies/s', digits: 0 },
    { key: 'p50', title: 'p50 ms', digits: 2 },
    { key: 'p99', title: 'p99 ms', digits: 2 },
  ],
  plotted: ['cpu'],
  goals: [
    { case: 'depth 8', contender: 'parley-ephemeral', key: 'cpu', atMost: 0.9 },
    { case: 'depth 8', contender: 'parley-read', key: 'cpu', atMost: 1.3 },
    { case: 'depth 8', contender: 'parley-durable', key: 'cpu', atMost: 2 },
  ],
  async run({ rounds, quick, progress }) {
    const milliseconds = quick ? 250 : 2000;
    const warmUp = quick ? 300 : 3000;
    await using stages = await enter(
      contenders,
      (peer) => setStage({ peer, chats: connections, membersPerChat: 1, deaf: true }),
      progress,
    );
    const samples: Sample[] = [];
    for (const depth of depths) {
      const played = await play(stages.of, {
        case: `depth ${depth}`,
        rounds,
        warmUp: ({ seats }) => requestReply({ seats, depth, milliseconds: warmUp }),
        play: ({ server, seats }) =>
          measure(server, () => requestReply({ seats, depth, milliseconds })),
        progress,
      });
      samples.push(...played);
    }
    return { settings: { connections, depths: depths.join(', '), milliseconds, warmUp }, samples };
  },
};
