import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { Chance } from './chance.ts';
import { checkRun } from './check-run.ts';
import { type Desk, openDesk } from './desk.ts';
import { compileDisk, Disk, isCompilerMissing } from './disk.ts';
import { expectClean, type Outcome, outcomeOf } from './outcome.ts';
import { firstSeed, profile } from '../profile.ts';
import { readLog } from './read-log.ts';
import { report } from './report.ts';
import { freePort, ServerProcess } from './server-process.ts';

/** Runs of their own, side by side, with so many cuts each; and cuts of the control, which syncs less. */
const counts = {
  newcomer: { runs: 1, cuts: 2, controls: 1 },
  ci: { runs: 5, cuts: 5, controls: 5 },
  long: { runs: 5, cuts: 50, controls: 50 },
};

const clients = 8;
const chats = 20;

/** Of sends that are acknowledged before the power is cut. */
const fewest = 50;
const most = 500;

/** Far more than a cut and all that follows takes on a busy machine, in milliseconds. */
const patience = 60_000;

/** By how many milliseconds a slow disk's syncs take longer: there a thread commits, as a rule. */
const slowerBy = 3;

/** Takes from the server what the control has to do without. */
const normal = { NODE_OPTIONS: `--import=${import.meta.resolve('./synchronous-normal.ts')}` };

interface OnDiskOptions {
  seed: number;
  /** What makes a process's disk forget. */
  library: string;
  /** What makes the server weaker. */
  weakness?: Record<string, string>;
  isSlow?: boolean;
}

/** Opens a desk on a server whose power can be cut. */
async function openOnDisk({ seed, library, weakness, isSlow = false }: OnDiskOptions) {
  const chance = new Chance(seed);
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await mkdtempDisposable(join(tmpdir(), 'parley-power-')));
  const server = opened.use(new ServerProcess({ directory, port: await freePort() }));
  let lives = 0;
  let disk = nextDisk();
  function nextDisk() {
    lives += 1;
    return new Disk(join(directory, `disk-${lives}`), library, isSlow ? slowerBy : 0);
  }
  await server.start(disk.file);
  const desk = opened.use(await openDesk({ url: server.url, chance, clients, chats }));
  await server.stop();
  const start = async () => {
    await disk.begin();
    await server.start(disk.file, { ...disk.variables, ...weakness });
  };
  const kept = opened.move();
  return {
    desk,
    chance,
    server,
    start,
    /** Ends the server and everything that its disk has not kept for sure. */
    async cutPower() {
      await server.kill();
      const next = nextDisk();
      // What was written and not synced is gone as a rule; it may also be there in parts.
      await disk.cutPower(next.directory, chance.below(2) === 0 ? chance : undefined);
      disk = next;
    },
    readLog: () => readLog(disk.file),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function cutAtRandom(cuts: number, options: OnDiskOptions): Promise<Outcome> {
  await using parley = await openOnDisk(options);
  const { desk, chance } = parley;
  await parley.start();
  desk.write();
  for (let cut = 0; cut < cuts; cut += 1) {
    await untilAcknowledged(desk, desk.acknowledged + chance.between(fewest, most));
    await parley.cutPower();
    await parley.start();
  }
  await untilAcknowledged(desk, desk.acknowledged + fewest);
  await desk.finish();
  const outcome = await outcomeOf(desk, parley.readLog());
  expect(parley.server.complaints).toEqual([]);
  return outcome;
}

/** How many of the acknowledged sends a server loses that does not wait for the disk. */
async function loseByCut(options: OnDiskOptions): Promise<number> {
  await using parley = await openOnDisk({ ...options, weakness: normal });
  const { desk, chance } = parley;
  await parley.start();
  desk.write();
  await untilAcknowledged(desk, chance.between(fewest, most));
  await parley.cutPower();
  await desk[Symbol.asyncDispose]();
  const findings = checkRun({ steps: desk.steps, log: parley.readLog(), listenings: [] });
  return findings.filter(({ fault }) => fault === 'acknowledged send lost').length;
}

function untilAcknowledged(desk: Desk, count: number): Promise<void> {
  const wait = { timeout: patience, interval: 5 };
  return expect.poll(() => desk.acknowledged, wait).toBeGreaterThanOrEqual(count);
}

describe.skipIf(await isCompilerMissing())('a power cut', () => {
  const { runs, cuts, controls } = counts[profile()];

  test(
    'loses no acknowledged send, but loses some when the server does not wait for the disk',
    { timeout: patience * (1 + cuts + controls) },
    async () => {
      const seeds = Array.from({ length: runs }, (_, index) => firstSeed() + index);
      const controlSeeds = Array.from({ length: controls }, (_, index) => firstSeed() + index);
      const began = performance.now();
      await using tools = await mkdtempDisposable(join(tmpdir(), 'parley-disk-'));
      const library = await compileDisk(tools.path);
      const isSlow = (seed: number) => seed % 2 === 1;
      const outcomes = await Promise.all(
        seeds.map((seed) => cutAtRandom(cuts, { seed, library, isSlow: isSlow(seed) })),
      );
      const losses: number[] = [];
      for (const seed of controlSeeds) losses.push(await loseByCut({ seed, library }));

      const sum = (count: (outcome: Outcome) => number) =>
        outcomes.reduce((total, outcome) => total + count(outcome), 0);
      const findings = outcomes.flatMap((outcome) => outcome.findings);
      const lost = findings.filter(({ fault }) => fault === 'acknowledged send lost').length;
      const lostByControl = losses.reduce((total, count) => total + count, 0);
      const rows = [
        ['seeds', seeds.join(', ')],
        ['power cuts', runs * cuts],
        ['… of a slow disk', seeds.filter(isSlow).length * cuts],
        ['sends acknowledged', sum(({ acknowledged }) => acknowledged)],
        ['… of these lost', lost],
        ['deliveries', sum(({ deliveries }) => deliveries)],
        ['faults found', findings.length],
        ['power cuts of the control, with `synchronous=NORMAL`', controls],
        ['… acknowledged sends it lost', lostByControl],
        ['seconds', Math.round((performance.now() - began) / 1000)],
      ];
      await report('T7', [
        '### Power cuts',
        '',
        '| | |',
        '|---|---|',
        ...rows.map(([what, value]) => `| ${what} | ${value} |`),
      ]);
      for (const outcome of outcomes) expectClean(outcome);
      expect(lostByControl).toBeGreaterThan(0);
    },
  );
});
