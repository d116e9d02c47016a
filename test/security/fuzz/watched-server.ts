/** A server in a process of its own, which tells what attacks have done to it. */
import { serve } from '@parley/server';

const secret = process.env['FUZZ_SECRET'] ?? '';

/** What the process has to say for itself. */
export interface Report {
  /** What went wrong inside, and every rejection that nobody handled. */
  faults: string[];
  /** The most that one turn of the event loop has computed, in milliseconds of the thread's time. */
  longestTurn: number;
  /** The keys of Object.prototype. */
  prototype: string[];
}

const faults: string[] = [];
process.on('unhandledRejection', (reason) => faults.push(`unhandled: ${String(reason)}`));

let longestTurn = 0;
let before = process.threadCpuUsage();

/** Time of the thread, not of the clock: other programs may keep the machine busy. */
function turn() {
  const { user, system } = process.threadCpuUsage(before);
  longestTurn = Math.max(longestTurn, (user + system) / 1000);
  before = process.threadCpuUsage();
  setImmediate(turn);
}

const server = await serve({
  port: 0,
  store: 'sqlite::memory:',
  auth: { secret },
  // Attackers come from one address here, and as fast as they can.
  limits: {
    framesPerSecond: 0,
    sendsPerSecond: 0,
    agentSendsPerSecond: 0,
    acceptsPerSecond: 0,
    unauthenticatedPerAddress: 0,
    connectionsPerUser: 0,
    shedLagMs: 0,
    shedQueue: 0,
  },
  onError: (error) => faults.push(String(error)),
  onRefused: ({ refusal }) =>
    refusal.code === 'INTERNAL' && faults.push(`INTERNAL: ${String(refusal.cause)}`),
});

process.on('message', (word) => {
  if (word === 'watch') {
    before = process.threadCpuUsage();
    setImmediate(turn);
  }
  const report: Report = {
    faults,
    longestTurn,
    prototype: Object.getOwnPropertyNames(Object.prototype),
  };
  process.send?.(report);
});
process.send?.(server.url);
