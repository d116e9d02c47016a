import { join } from 'node:path';

import { type LimitSettings, serve } from '@parley/server';

import type { PeerServer } from '../servers.ts';
import { secret } from './secret.ts';

/** Every durable event is on disk, flushed, before its reply. */
export function serveParley(directory: string, limits: LimitSettings): Promise<PeerServer> {
  return serve({
    port: 0,
    store: `sqlite:${join(directory, 'parley.db')}`,
    auth: { secret },
    limits,
    socket: process.env['PARLEY_SOCKET'] === 'trpc' ? 'trpc' : 'parley',
  });
}
