/** The process of many clients: `node crowd-client.ts`, with a channel to its parent that gives orders. */
import { connect } from '@parley/client';
import { signToken } from '@parley/server';

import { secret } from '../harness.ts';
import type { CrowdOrder, CrowdReport } from './crowd.ts';

const heard: number[][] = [];
let latencies: number[] = [];
const attempts: number[] = [];
const errors: string[] = [];

class NotedWebSocket extends WebSocket {
  constructor(url: string | URL) {
    super(url);
    attempts.push(Date.now());
  }
}

/** Messages begin with when they were sent, in milliseconds since 1970. */
function open(url: string, subs: readonly string[], role: 'customer' | 'service') {
  for (const sub of subs) {
    const positions: number[] = [];
    heard.push(positions);
    const events = connect({
      url,
      WebSocket: NotedWebSocket,
      token: () => signToken({ sub, role, secret, ttl: 86_400 }),
      environment: { report: (error) => void errors.push(String(error)) },
    });
    events.subscribe('messages:new', ({ message }, { position = 0 }) => {
      positions.push(position);
      latencies.push(Date.now() - Number.parseInt(String(message.message), 10));
    });
    // Before the server has begun to tell, what is said goes by.
    statuses.push(
      () => events.status.state === 'open' && events.cursorOf('messages:new') !== undefined,
    );
  }
}

const statuses: (() => boolean)[] = [];

function obey(order: CrowdOrder): CrowdReport {
  if (order.do === 'open') open(order.url, order.subs, order.role);
  const taken = latencies;
  if (order.do === 'take latencies') latencies = [];
  return {
    open: statuses.filter((isOpen) => isOpen()).length,
    caughtUp: heard.filter((positions) => (positions.at(-1) ?? 0) >= (order.position ?? 0)).length,
    attempts: order.do === 'take attempts' ? attempts.splice(0) : [],
    latencies: order.do === 'take latencies' ? taken : [],
    heard: order.do === 'tell' ? heard : [],
    errors,
  };
}

process.on('message', (order: CrowdOrder) => process.send?.(obey(order)));
process.on('disconnect', () => process.exit());
