import { join } from 'node:path';

import { serve } from '@parley/server';

import type { PeerServer, StartOptions } from '../servers.ts';
import { secret } from './secret.ts';

/** Parley as it is deployed: every durable event is on disk, flushed, before its reply. */
export default function start({ directory }: StartOptions): Promise<PeerServer> {
  return serve({
    port: 0,
    store: `sqlite:${join(directory, 'parley.db')}`,
    auth: { secret },
    socket: process.env['PARLEY_SOCKET'] === 'trpc' ? 'trpc' : 'parley',
  });
}
