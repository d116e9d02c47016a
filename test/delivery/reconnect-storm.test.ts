import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect } from '@parley/client';
import { signToken } from '@parley/server';
import { expect, test } from 'vitest';

import { secret, unhurried } from '../harness.ts';
import { profile } from '../profile.ts';
import { Crowd, type CrowdReport } from './crowd.ts';
import { report } from './report.ts';
import { freePort, ServerProcess } from './server-process.ts';

const counts = { newcomer: 200, ci: 2000, long: 2000 };

/** How many clients are in one process. */
const perProcess = 1000;

/** As many are taken in a second as usual. */
const limits = { ...unhurried, acceptsPerSecond: 200, connectionsPerUser: 0 };

const patience = 60_000;

/**
 * Tries within so many milliseconds are a burst. It is counted against the clients, not against all tries: as the waiting
 * ones get fewer so do the tries, and a fifth of them falls into the first tenth of the time however well they are spread.
 */
const burst = 100;

test(
  'when all are cut at once, all are back within 30 seconds, spread, and the server answers all the while',
  { timeout: 4 * patience },
  async () => {
    const clients = counts[profile()];
    await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-storm-'));
    const file = join(directory.path, 'parley.db');
    const port = await freePort();
    await using server = new ServerProcess({ directory: directory.path, port });
    const start = () => server.start(file, { PARLEY_LIMITS: JSON.stringify(limits) });
    await start();
    await using speaker = connect({
      url: server.url,
      token: () => signToken({ sub: 'ann', role: 'customer', secret, ttl: 86_400 }),
    });
    const { chat } = await speaker.send('chats:create', { room: 'sales', source: 'web' });
    const positions: number[] = [];
    speaker.subscribe('messages:new', (_, { position = 0 }) => void positions.push(position));
    /** Sends a message, and gives its position. */
    const say = async () => {
      const count = positions.length;
      await speaker.send('messages:send', { chatId: chat.id, message: String(Date.now()) });
      await expect.poll(() => positions.length, { timeout: patience }).toBe(count + 1);
      return positions.at(-1) ?? 0;
    };
    await using stack = new AsyncDisposableStack();
    const crowds: Crowd[] = [];
    for (let first = 0; first < clients; first += perProcess) {
      const size = Math.min(perProcess, clients - first);
      const subs = Array.from({ length: size }, (_, index) => `listener-${first + index}`);
      crowds.push(stack.use(await Crowd.open(server.url, subs, 'service')));
    }
    const all = (what: Parameters<Crowd['obey']>[0], position?: number) =>
      Promise.all(crowds.map((crowd) => crowd.obey(what, position)));
    const until = (position: number) =>
      expect
        .poll(async () => sumOf(await all('look', position), ({ caughtUp }) => caughtUp), {
          timeout: patience,
          interval: 50,
        })
        .toBe(clients);
    await expect
      .poll(async () => sumOf(await all('look'), ({ open }) => open), { timeout: patience })
      .toBe(clients);
    const before = await say();
    await until(before);
    await all('take attempts');

    await server.kill();
    const cutAt = Date.now();
    await start();
    await lagOf(server.url);
    const after = await say();
    await until(after);
    const seconds = (Date.now() - cutAt) / 1000;
    const lag = await lagOf(server.url);
    const attempts = (await all('take attempts')).flatMap((each) => each.attempts);
    const share = mostIn(burst, attempts) / clients;
    const told = await all('tell');
    const heard = told.flatMap((each) => each.heard);
    const rows = [
      ['clients cut at once, by a kill of the server', clients],
      ['all back and caught up after', `${seconds.toFixed(1)} s`],
      ['tries to connect', attempts.length],
      [
        'clients that try within the same tenth of a second, at most',
        `${Math.round(share * 100)} %`,
      ],
      ['event loop of the new server, 99th percentile of its delay', `${Math.round(lag)} ms`],
      ['lost or repeated', heard.filter((each) => each.length !== 2).length],
    ];
    await report('T11', [
      '### Everybody comes back at once',
      '',
      '| | |',
      '|---|---|',
      ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    ]);
    expect(heard.filter((each) => each.join() !== `${before},${after}`)).toEqual([]);
    expect(told.flatMap(({ errors }) => errors)).toEqual([]);
    expect(seconds).toBeLessThanOrEqual(30);
    expect(share).toBeLessThanOrEqual(0.25);
    expect(lag).toBeLessThanOrEqual(200);
  },
);

function sumOf(reports: readonly CrowdReport[], count: (report: CrowdReport) => number): number {
  return reports.reduce((sum, each) => sum + count(each), 0);
}

/** How many of the times lie in the fullest of the parts of so many milliseconds. */
function mostIn(milliseconds: number, times: readonly number[]): number {
  const parts = new Map<number, number>();
  for (const time of times) {
    const part = Math.floor(time / milliseconds);
    parts.set(part, (parts.get(part) ?? 0) + 1);
  }
  return Math.max(0, ...parts.values());
}

/** The 99th percentile of the event loop's delay since it was asked for last, in milliseconds. */
async function lagOf(url: string): Promise<number> {
  const answer = await fetch(new URL('/metrics', url.replace('ws:', 'http:')));
  const [, seconds] =
    /^parley_event_loop_lag_seconds\{quantile="0.99"\} (\S+)$/m.exec(await answer.text()) ?? [];
  return Number(seconds) * 1000;
}
