import { monitorEventLoopDelay } from 'node:perf_hooks';

import { Counter, Gauge, Registry } from 'prom-client';

import { limitMetric } from '../limits.ts';
import type { Distribution } from './distribution.ts';
import type { Tally } from './tally.ts';

export interface MetricsOptions {
  tally: Tally;
  /** The newest position of the log. */
  head(): number;
  /** Where the metrics are registered; a registry of their own unless told. */
  registry?: Registry | undefined;
}

/** What happened on a server, as Prometheus reads it. */
export interface Metrics extends Disposable {
  readonly contentType: string;
  text(): Promise<string>;
}

/** How often the event loop is looked at, in milliseconds. */
const lagResolution = 20;

/** Registers metrics that take their values from the tally when they are asked for. */
export function createMetrics({ tally, head, registry = new Registry() }: MetricsOptions): Metrics {
  const registers = [registry];
  const delay = monitorEventLoopDelay({ resolution: lagResolution });
  delay.enable();

  const counter = (name: string, help: string, labelNames: string[], read: Read) =>
    new Counter({
      ...{ name, help, labelNames, registers },
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
  const gauge = (name: string, help: string, labelNames: string[], read: Read) =>
    new Gauge({
      ...{ name, help, labelNames, registers },
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
  /** The series of a histogram, whose values were sorted into buckets where they came up. */
  const spread = (name: string, what: string, distribution: Distribution) => {
    counter(`${name}_bucket`, `${what}: how many up to le.`, ['le'], () => [
      ...distribution.upTo.map(({ bound, count }): Reading => [{ le: String(bound) }, count]),
      [{ le: '+Inf' }, distribution.count],
    ]);
    counter(`${name}_sum`, `${what}: of all together.`, [], () => [[{}, distribution.sum]]);
    counter(`${name}_count`, `${what}: how many there were.`, [], () => [[{}, distribution.count]]);
  };

  gauge('parley_connections', 'Connections whose users are known, by role.', ['role'], () =>
    labelled('role', tally.connections),
  );
  counter(
    'parley_sends_total',
    'Sends by event and by how they ended: ok, or the code of the refusal.',
    ['event', 'outcome'],
    () =>
      Array.from(tally.sends).flatMap(([event, outcomes]) =>
        Array.from(outcomes, ([outcome, count]): Reading => [{ event, outcome }, count]),
      ),
  );
  counter(
    'parley_deliveries_total',
    'Occurrences handed to subscriptions, live and from the log.',
    ['how'],
    () => labelled('how', Object.entries(tally.deliveries)),
  );
  spread('parley_commit_works', 'Works in a commit', tally.commitSizes);
  spread('parley_commit_seconds', 'Seconds that a commit took', tally.commitSeconds);
  counter('parley_commit_failures_total', 'Commits that the store did not take.', [], () => [
    [{}, tally.failedCommits],
  ]);
  counter(limitMetric, 'What was refused or cut off because of a limit.', ['limit'], () =>
    labelled('limit', tally.limits),
  );
  counter('parley_deprecated_total', 'Uses of deprecated events.', ['event'], () =>
    labelled('event', tally.deprecated),
  );
  gauge('parley_log_position', 'The newest position of the log.', [], () => [[{}, head()]]);
  gauge(
    'parley_event_loop_lag_seconds',
    'How late the event loop was since the last time this was asked for.',
    ['quantile'],
    () => {
      const { max } = delay;
      const readings: Reading[] = [50, 99].map((percent) => [
        { quantile: String(percent / 100) },
        lateness(delay.percentile(percent)),
      ]);
      readings.push([{ quantile: '1' }, lateness(max)]);
      delay.reset();
      return readings;
    },
  );
  counter('process_cpu_seconds_total', 'CPU time of the process.', [], () => {
    const { user, system } = process.cpuUsage();
    return [[{}, (user + system) / 1e6]];
  });
  gauge('process_resident_memory_bytes', 'Memory of the process.', [], () => [
    [{}, process.memoryUsage.rss()],
  ]);

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    [Symbol.dispose]: () => void delay.disable(),
  };
}

type Reading = [labels: Record<string, string>, value: number];
type Read = () => Iterable<Reading>;

function labelled(name: string, counts: Iterable<[string, number]>): Reading[] {
  return Array.from(counts, ([label, count]) => [{ [name]: label }, count]);
}

/** The monitor tells nanoseconds between looks, which are its resolution apart when nothing is late. */
function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - lagResolution / 1000);
}
