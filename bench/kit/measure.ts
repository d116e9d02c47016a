import type { Latencies } from './latencies.ts';
import type { ServerProcess } from './server-process.ts';

/** What one round of one contender gives, by the key of the column. */
export type Values = Record<string, number>;

/** What a workload did. */
export interface Work {
  operations: number;
  /** In milliseconds. */
  latencies?: Latencies;
}

/**
 * What a workload took of the server's processor time, in microseconds for each operation, and how fast it went.
 * Nothing when the workload gave up.
 */
export async function measure(
  server: ServerProcess,
  work: () => Promise<Work | undefined>,
): Promise<Values | undefined> {
  const before = await server.processorTime();
  const start = performance.now();
  const done = await work();
  const seconds = (performance.now() - start) / 1000;
  const used = (await server.processorTime()) - before;
  if (!done) return undefined;
  const { operations, latencies } = done;
  return {
    cpu: (used * 1e6) / operations,
    perSecond: operations / seconds,
    ...(latencies && { p50: latencies.quantile(0.5), p99: latencies.quantile(0.99) }),
    cpuMs: used * 1000,
    wallMs: seconds * 1000,
  };
}
