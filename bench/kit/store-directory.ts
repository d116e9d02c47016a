import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for what a server stores, which outlives the server and goes with this. */
export interface StoreDirectory extends AsyncDisposable {
  path: string;
}

export async function makeStoreDirectory(): Promise<StoreDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
