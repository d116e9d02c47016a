import { join } from 'node:path';

import { serve } from '@parley/server';

import type { PeerServer, StartOptions } from '../servers.ts';
import { secret } from './secret.ts';

/** A load generator sends as fast as it can, from one address; what does not bound that is as usual. */
const unlimited = {
  callsPerFrame: 0,
  inFlight: 0,
  framesPerSecond: 0,
  sendsPerSecond: 0,
  agentSendsPerSecond: 0,
  acceptsPerSecond: 0,
  unauthenticatedPerAddress: 0,
  connectionsPerUser: 0,
};

/** Parley as it is deployed: every durable event is on disk, flushed, before its reply. */
export default function start({ directory }: StartOptions): Promise<PeerServer> {
  return serve({
    port: 0,
    store: `sqlite:${join(directory, 'parley.db')}`,
    auth: { secret },
    limits: unlimited,
    socket: process.env['PARLEY_SOCKET'] === 'trpc' ? 'trpc' : 'parley',
  });
}
