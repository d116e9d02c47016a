import type { Benchmark } from './benchmark.ts';
import { bundle } from './bundle.ts';
import { client } from './client.ts';
import { fanOut } from './fan-out.ts';
import { firstReply } from './first-reply.ts';
import { guard } from './guard.ts';
import { history } from './history.ts';
import { manyChats } from './many-chats.ts';
import { memory } from './memory.ts';
import { requestAndReply } from './request-reply.ts';
import { restart } from './restart.ts';
import { resume } from './resume.ts';
import { typeCheck } from './type-check.ts';

/** In the order they run and are reported. */
export const benchmarks: readonly Benchmark[] = [
  requestAndReply,
  fanOut,
  manyChats,
  memory,
  restart,
  firstReply,
  typeCheck,
  bundle,
  resume,
  history,
  client,
  guard,
];
