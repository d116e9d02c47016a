import { limitTable } from '@parley/server';

import type { StartOptions } from '../servers.ts';
import { serveParley } from './serve-parley.ts';

/** All are off, but for how long a server may take to stop. */
const { drainSeconds: _, ...off } = Object.fromEntries(
  Object.keys(limitTable).map((name) => [name, 0]),
);

/** Parley with every limit off. */
export default function start({ directory }: StartOptions) {
  return serveParley(directory, off);
}
