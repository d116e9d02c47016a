import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { Chance } from './chance.ts';
import { type Desk, openDesk } from './desk.ts';
import { expectClean, type Outcome, outcomeOf } from './outcome.ts';
import { firstSeed, profile } from '../profile.ts';
import { readLog } from './read-log.ts';
import { report } from './report.ts';
import { freePort, ServerProcess } from './server-process.ts';

/** Runs of their own, side by side, with so many kills each; and how many sends have to be acknowledged in all. */
const counts = {
  newcomer: { runs: 1, kills: 3, acknowledged: 300 },
  ci: { runs: 4, kills: 25, acknowledged: 20_000 },
  long: { runs: 4, kills: 250, acknowledged: 200_000 },
};

const clients = 8;
const chats = 20;

/** How long they wait between messages, in milliseconds, before all are live again, and then. */
const slow = 500;
const fast = 20;

/** How soon after the port has opened every client has to have had a reply, in milliseconds. */
const liveMilliseconds = 2000;

/** Far more than a kill and all that follows takes on a busy machine, in milliseconds. */
const patience = 60_000;

interface RunOptions {
  seed: number;
  kills: number;
  acknowledged: number;
}

interface Killed extends Outcome {
  complaints: readonly string[];
  /** For each start and client, the milliseconds from the open port to its first reply. */
  liveAfter: number[];
}

async function killAtRandom({ seed, kills, acknowledged }: RunOptions): Promise<Killed> {
  const chance = new Chance(seed);
  await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-kill-'));
  const file = join(directory.path, 'parley.db');
  const port = await freePort();
  await using server = new ServerProcess({ directory: directory.path, port });
  await server.start(file);
  // Its end is what makes the next start faster.
  await server.stop();
  await server.start(file);
  await using desk = await openDesk({ url: server.url, chance, clients, chats });
  const liveAfter: number[] = [];
  desk.write();

  for (let kill = 1; kill <= kills; kill += 1) {
    if (chance.below(5) === 0) {
      await setTimeout(chance.below(1000));
    } else {
      const share = (acknowledged * kill) / kills;
      await untilAcknowledged(desk, share - chance.below(acknowledged / kills));
    }
    await server.kill();
    desk.pace(slow);
    if (chance.below(4) === 0) await chance.pick(desk.participants).restart();
    await server.start(file);
    const openedAt = performance.now();
    await untilLive(desk, openedAt);
    liveAfter.push(...timesToLive(desk, openedAt));
    desk.pace(fast);
  }
  await untilAcknowledged(desk, acknowledged);
  await desk.finish();
  const log = readLog(file);
  const outcome = await outcomeOf(desk, log);
  await server.stop();
  expect(readLog(file)).toEqual(log);
  return { ...outcome, complaints: server.complaints, liveAfter };
}

function untilAcknowledged(desk: Desk, count: number): Promise<void> {
  const wait = { timeout: patience, interval: 5 };
  return expect.poll(() => desk.acknowledged, wait).toBeGreaterThanOrEqual(count);
}

/** Waits until every client has had a reply since the port was opened. */
function untilLive(desk: Desk, openedAt: number): Promise<void> {
  const silent = () =>
    desk.participants.filter(({ repliedAt }) => repliedAt < openedAt).map(({ id }) => id);
  return expect.poll(silent, { timeout: patience, interval: 5 }).toEqual([]);
}

function timesToLive({ participants, steps }: Desk, openedAt: number): number[] {
  const first = new Map<string, number>();
  for (const step of steps.toReversed()) {
    if (step.at < openedAt) break;
    if (step.kind === 'ok') first.set(step.key.split('.', 1)[0] ?? '', step.at - openedAt);
  }
  return participants.map(({ id }) => first.get(id) ?? Infinity);
}

test(
  'kill -9 at random under load loses nothing, doubles nothing, and keeps the order',
  { timeout: patience * (1 + counts[profile()].kills) },
  async () => {
    const { runs, kills, acknowledged } = counts[profile()];
    const seeds = Array.from({ length: runs }, (_, index) => firstSeed() + index);
    const began = performance.now();
    const all = await Promise.all(
      seeds.map((seed) => killAtRandom({ seed, kills, acknowledged: acknowledged / runs })),
    );
    const sum = (count: (outcome: Killed) => number) =>
      all.reduce((total, outcome) => total + count(outcome), 0);
    const findings = all.flatMap((outcome) => outcome.findings);
    const liveAfter = all.flatMap((outcome) => outcome.liveAfter).toSorted((a, b) => a - b);
    const slowest = liveAfter.at(-1) ?? 0;
    const rows = [
      ['seeds', seeds.join(', ')],
      ['kills', runs * kills],
      ['clients and chats in each run', `${clients} and ${chats}`],
      ['sends', sum(({ sends }) => sends)],
      ['… acknowledged', sum((outcome) => outcome.acknowledged)],
      ['… of these after an earlier try had the effect', sum(({ replayed }) => replayed)],
      ['… given up by a client that was restarted', sum(({ unknown }) => unknown)],
      ['deliveries', sum(({ deliveries }) => deliveries)],
      [
        'clients live after the port opened, median',
        `${Math.round(liveAfter[liveAfter.length >> 1] ?? 0)} ms`,
      ],
      ['… slowest', `${Math.round(slowest)} ms`],
      ['faults found', findings.length],
      ['seconds', Math.round((performance.now() - began) / 1000)],
    ];
    await report('T6', [
      '### `kill -9` at random under load',
      '',
      '| | |',
      '|---|---|',
      ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    ]);
    for (const outcome of all) expectClean(outcome);
    expect(all.flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(sum((outcome) => outcome.acknowledged)).toBeGreaterThanOrEqual(acknowledged);
    expect(slowest).toBeLessThanOrEqual(liveMilliseconds);
  },
);
