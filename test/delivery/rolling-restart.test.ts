import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { unhurried } from '../harness.ts';
import { firstSeed, profile } from '../profile.ts';
import { Chance } from './chance.ts';
import { type Desk, openDesk } from './desk.ts';
import type { Step } from './history.ts';
import { expectClean, outcomeOf } from './outcome.ts';
import { readLog } from './read-log.ts';
import { report } from './report.ts';
import { freePort, ServerProcess } from './server-process.ts';
import { SteadyLoad } from './steady-load.ts';

const counts = {
  newcomer: { clients: 60, restarts: 1, perSecond: 50 },
  ci: { clients: 500, restarts: 3, perSecond: 200 },
  long: { clients: 500, restarts: 20, perSecond: 200 },
};

/** How long a server is left in peace before it is told to stop, in milliseconds. */
const peace = 4000;

/** What a server may take to stop with all those clients, and all of them to be back, in milliseconds; far more than they do. */
const patience = 60_000;

/** As many are taken in a second as usual, and so many are sent away. */
const limits = { ...unhurried, acceptsPerSecond: 200 };

test(
  'a rolling restart under load: no send fails for good, no listener misses or repeats anything',
  { timeout: patience * (2 + 2 * counts[profile()].restarts) },
  async () => {
    const { clients, restarts, perSecond } = counts[profile()];
    const seed = firstSeed();
    await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-rolling-'));
    const file = join(directory.path, 'parley.db');
    const port = await freePort();
    await using server = new ServerProcess({ directory: directory.path, port });
    const start = () => server.start(file, { PARLEY_LIMITS: JSON.stringify(limits) });
    await start();
    const chance = new Chance(seed);
    await using desk = await openDesk({
      url: server.url,
      chance,
      clients,
      chats: clients,
    });
    await untilOpen(desk);
    const { participants } = desk;
    const load = new SteadyLoad({ participants, chance, perSecond });

    const stopping: number[] = [];
    const away: number[] = [];
    for (let restart = 1; restart <= restarts; restart += 1) {
      const acknowledged = desk.acknowledged + (perSecond * peace) / 1000;
      await expect
        .poll(() => desk.acknowledged, { timeout: patience })
        .toBeGreaterThanOrEqual(acknowledged);
      const toldAt = performance.now();
      expect(await server.stop()).toBe(0);
      const endedAt = performance.now();
      stopping.push(endedAt - toldAt);
      await start();
      await untilOpen(desk);
      away.push(performance.now() - endedAt);
    }
    const offered = await load.stop();
    const waiting = offered.sends - desk.acknowledged;
    const stoppedAt = performance.now();
    await load.answered();
    const afterwards = performance.now() - stoppedAt;
    const outcome = await outcomeOf(desk, readLog(file));
    const waits = waitsOf(desk.steps);
    const offeredRate = offered.sends / offered.seconds;
    const rows = [
      ['seed', seed],
      ['clients, each in two chats or more', clients],
      ['restarts', restarts],
      ['sends', outcome.sends],
      ['… offered a second, whether or not there was a server', offeredRate.toFixed(1)],
      ['… acknowledged', outcome.acknowledged],
      ['… of these after an earlier try had the effect', outcome.replayed],
      ['… failed for good', outcome.refused + outcome.unknown],
      ['longest time from a send to its reply', inSeconds(waits.at(-1))],
      ['… without an answer when the last was offered', waiting],
      ['time until these were answered', inSeconds(afterwards)],
      ['deliveries', outcome.deliveries],
      ['longest time a server took to send everybody away', inSeconds(Math.max(...stopping))],
      ['longest time from its end until all were back', inSeconds(Math.max(...away))],
      ['faults found', outcome.findings.length],
      ['seconds', Math.round(offered.seconds)],
    ];
    await report('rolling restart', [
      '### Rolling restarts under load',
      '',
      'One process at a time owns a SQLite file: the old one sends its clients away and ends, and the new one starts on the same port.',
      '',
      '| | |',
      '|---|---|',
      ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    ]);
    expectClean(outcome);
    expect(offeredRate).toBeGreaterThanOrEqual(perSecond);
    expect(outcome.sends).toBe(offered.sends);
    expect(outcome.acknowledged).toBe(offered.sends);
    expect(server.complaints).toEqual([]);
  },
);

function untilOpen({ participants }: Desk): Promise<void> {
  const away = () => participants.filter(({ events }) => events.status.state !== 'open').length;
  return expect.poll(away, { timeout: patience, interval: 10 }).toBe(0);
}

/** The times from sends to their ends, the longest last. */
function waitsOf(steps: readonly Step[]): number[] {
  const begun = new Map<string, number>();
  const waits: number[] = [];
  for (const { kind, key, at } of steps) {
    if (kind === 'invoke') begun.set(key, at);
    else waits.push(at - (begun.get(key) ?? Number.NaN));
  }
  return waits.toSorted((one, other) => one - other);
}

function inSeconds(milliseconds = Number.NaN): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
