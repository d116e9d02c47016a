import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { Chance } from './chance.ts';
import { openDesk } from './desk.ts';
import { type FaultKind, faultKinds } from './fault-kinds.ts';
import { FaultyProxy, type Injected } from './faulty-proxy.ts';
import type { Logged, Step } from './history.ts';
import { expectClean, outcomeOf } from './outcome.ts';
import type { Participant } from './participant.ts';
import { firstSeed, profile } from '../profile.ts';
import { readLog } from './read-log.ts';
import { report } from './report.ts';
import { freePort, ServerProcess } from './server-process.ts';

/** How often each client suffers each kind of fault; black holes take the time until a silent connection is given up. */
const counts = {
  newcomer: { clients: 4, cutReplies: 4, blackHoles: 0, others: 1 },
  ci: { clients: 20, cutReplies: 12, blackHoles: 1, others: 3 },
  long: { clients: 20, cutReplies: 120, blackHoles: 10, others: 30 },
};

const chats = 30;

/** The longest wait between messages in a chat, in milliseconds. */
const pause = 200;

/**
 * The longest time from a connection's death to the next connection: until the ping after one that was just answered,
 * until that one is not answered, until the next try, and what a busy machine adds, in milliseconds.
 */
const foundMilliseconds = 8000 + 25_000 + 8000 + 2000 + 2000;

/** Far more than a fault and its consequences take, in milliseconds. */
const patience = 60_000;

/** What each client suffers, in an order of its own. */
function faultsOf(chance: Chance): FaultKind[] {
  const { cutReplies, blackHoles, others } = counts[profile()];
  const timesOf = (kind: FaultKind) => {
    if (kind === 'cut before the reply') return cutReplies;
    return kind.startsWith('black hole') ? blackHoles : others;
  };
  return chance.shuffle(
    faultKinds.flatMap((kind) => Array.from({ length: timesOf(kind) }, () => kind)),
  );
}

/** Lets one fault after another befall a client, each when it is live. */
async function afflict(participant: Participant, proxy: FaultyProxy, kinds: readonly FaultKind[]) {
  const injected: Injected[] = [];
  for (const kind of kinds) {
    await untilLive(participant);
    injected.push(await proxy.inject(kind));
  }
  await untilLive(participant);
  return injected;
}

/** Waits for a reply to a send that begins from now on. */
async function untilLive(participant: Participant): Promise<void> {
  const now = performance.now();
  const wait = { timeout: patience, interval: 20 };
  await expect.poll(() => participant.repliedAt, wait).toBeGreaterThan(now);
}

/** Each send whose reply was cut off has had one effect and, when it was repeated, one reply that says so. */
function expectOneEffect(key: string, log: readonly Logged[], steps: readonly Step[]): void {
  expect(log.filter((each) => each.key === key)).toHaveLength(1);
  const ends = steps.filter((step) => step.key === key && step.kind !== 'invoke');
  expect(ends).toMatchObject([{ kind: 'ok', replayed: true }]);
}

test(
  'whatever happens to connections, nothing is lost, doubled or out of order',
  { timeout: 10 * patience + 300 * 1000 * counts[profile()].blackHoles },
  async () => {
    const { clients } = counts[profile()];
    const seed = firstSeed();
    const chance = new Chance(seed);
    const began = performance.now();
    await using opened = new AsyncDisposableStack();
    const { path: directory } = opened.use(
      await mkdtempDisposable(join(tmpdir(), 'parley-faults-')),
    );
    const file = join(directory, 'parley.db');
    const server = opened.use(new ServerProcess({ directory, port: await freePort() }));
    await server.start(file);
    const proxies = new Map<string, FaultyProxy>();
    const wayFor = async (id: string) => {
      const proxy = opened.use(await FaultyProxy.start(server.url, chance.fork()));
      proxies.set(id, proxy);
      return proxy.url;
    };
    const desk = opened.use(await openDesk({ url: server.url, wayFor, chance, clients, chats }));
    desk.pace(pause);
    desk.write();

    const injected = await Promise.all(
      desk.participants.map((participant) => {
        const proxy = proxies.get(participant.id);
        if (!proxy) throw new Error(`${participant.id} has no proxy.`);
        return afflict(participant, proxy, faultsOf(chance));
      }),
    );
    await desk.finish();
    const log = readLog(file);
    const outcome = await outcomeOf(desk, log);

    const all = injected.flat();
    const cutKeys = all.flatMap(({ key }) => (key === undefined ? [] : [key]));
    const holes = all.filter(({ kind }) => kind.startsWith('black hole'));
    const slowest = Math.max(0, ...holes.map(({ milliseconds }) => milliseconds));
    const rows = [
      ['seed', seed],
      ['clients', clients],
      ['faults', all.length],
      ...faultKinds.map((kind) => [`… ${kind}`, all.filter((each) => each.kind === kind).length]),
      ['sends', outcome.sends],
      ['… acknowledged', outcome.acknowledged],
      ['… of these after an earlier try had the effect', outcome.replayed],
      ['sends whose reply was cut off', cutKeys.length],
      ['deliveries', outcome.deliveries],
      ['dead connections found after, at most', `${(slowest / 1000).toFixed(1)} s`],
      ['faults found in the history', outcome.findings.length],
      ['seconds', Math.round((performance.now() - began) / 1000)],
    ];
    await report('T8', [
      '### Connections that fail',
      '',
      '| | |',
      '|---|---|',
      ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    ]);
    expectClean(outcome);
    for (const key of cutKeys) expectOneEffect(key, log, desk.steps);
    expect(slowest).toBeLessThan(foundMilliseconds);
    expect(server.complaints).toEqual([]);
  },
);
