import { orpc } from './orpc/wire.ts';
import { parleyDurable, parleyEphemeral, parleyRead } from './parley/wire.ts';
import type { Peer } from './peer.ts';
import { rawWs } from './raw-ws/wire.ts';
import { socketIo } from './socket-io/wire.ts';
import { trpc } from './trpc/wire.ts';

/** The others; the first is what ratios are to. */
export const others: readonly Peer[] = [rawWs, socketIo, orpc, trpc];

export { parleyDurable, parleyEphemeral, parleyRead };
