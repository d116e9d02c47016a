import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { arch, cpus, platform, release, totalmem } from 'node:os';

import type { Outcome } from '../benchmarks/benchmark.ts';

/** The packages under test. */
const packages = [
  'ws',
  'socket.io',
  '@orpc/server',
  '@trpc/server',
  '@trpc/client',
  'superjson',
] as const;

/** One benchmark's run, as it is kept. */
export interface Result extends Outcome {
  id: string;
  title: string;
  /** When it ended. */
  at: string;
  quick: boolean;
  rounds: number;
  machine: Machine;
  versions: Record<string, string>;
}

export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
  };
}

export async function readVersions(): Promise<Record<string, string>> {
  const found: Record<string, string> = { node: process.version };
  for (const name of packages) {
    const file = findPackageJSON(name, import.meta.url);
    if (file) found[name] = JSON.parse(await readFile(file, 'utf8')).version;
  }
  // Results of the other connection handler must not pass for those of Parley's own.
  const { PARLEY_SOCKET: socket } = process.env;
  return socket ? { ...found, PARLEY_SOCKET: socket } : found;
}
