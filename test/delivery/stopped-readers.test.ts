import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { connect, type Events, type ListenEvents, type SendEvents } from '@parley/client';
import { signToken } from '@parley/server';
import { expect, test } from 'vitest';

import { secret, unhurried } from '../harness.ts';
import { profile } from '../profile.ts';
import { Crowd } from './crowd.ts';
import { readLog } from './read-log.ts';
import { report } from './report.ts';
import { freePort, ServerProcess } from './server-process.ts';

/** Listeners in all, how many of them stop, and for how many seconds everybody is watched before, and they stop. */
const counts = {
  newcomer: { listeners: 100, stopped: 20, before: 2, seconds: 8, floodPerSecond: 160 },
  ci: { listeners: 1000, stopped: 200, before: 20, seconds: 60, floodPerSecond: 20 },
  long: { listeners: 1000, stopped: 200, before: 60, seconds: 300, floodPerSecond: 40 },
};

/** What is said in the chat that all hear, and in those that only those hear who will stop. */
const talk = { perSecond: 10, length: 100 };
const flood = { chats: 8, length: 8000 };

const limits = { ...unhurried, connectionsPerUser: 0 };

const mebibyte = 1_048_576;

/** More than all buffers between a server and a client hold, the system's too, in bytes. */
const floodBytes = 8 * mebibyte;

/** What a server takes for itself from one moment to another, whoever reads, in bytes. */
const ownBytes = 56 * mebibyte;

const patience = 120_000;

test(
  'a fifth stops reading: memory is bounded, the others hear as soon as before, and who reads again has lost nothing',
  { timeout: 5 * patience },
  async () => {
    const { listeners, stopped, before, seconds, floodPerSecond } = counts[profile()];
    await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-readers-'));
    const file = join(directory.path, 'parley.db');
    await using server = new ServerProcess({ directory: directory.path, port: await freePort() });
    const { url } = server;
    await server.start(file, { PARLEY_LIMITS: JSON.stringify(limits) });
    const token = () => signToken({ sub: 'backend', role: 'service', secret, ttl: 86_400 });
    await using speaker = connect({ url, token });
    // One of its own, so that nothing of it waits behind the flood before it is sent.
    await using floodSpeaker = connect({ url, token });
    const heardByAll = await openChat(speaker, 'ann');
    const others = Array.from({ length: flood.chats }, (_, index) => `customer-${index}`);
    const heardByFew = await Promise.all(others.map((creator) => openChat(speaker, creator)));
    const readerSubs = Array.from({ length: listeners - stopped }, () => 'ann');
    const stoppedSubs = Array.from({ length: stopped }, (_, index) => `service-${index}`);
    await using readers = await Crowd.open(url, readerSubs, 'customer');
    await using stoppers = await Crowd.open(url, stoppedSubs, 'service');
    for (const crowd of [readers, stoppers]) {
      const open = async () => (await crowd.obey('look')).open;
      await expect.poll(open, { timeout: patience }).toBe(crowd.size);
    }

    const over = new AbortController();
    const speaking = Promise.all([
      speak(speaker, [heardByAll], talk, over.signal),
      speak(floodSpeaker, heardByFew, { ...flood, perSecond: floodPerSecond }, over.signal),
    ]);
    // Everything has been compiled, and every buffer has its size, before it counts.
    await setTimeout(2000);
    await readers.obey('take latencies');
    await setTimeout(before * 1000);
    const usual = percentile((await readers.obey('take latencies')).latencies);
    const bytesBefore = await residentBytes(server);
    stoppers.stop();
    const stoppedAt = Date.now();
    const said = () =>
      readLog(file)
        .filter(({ text = '' }) => Number.parseInt(text, 10) >= stoppedAt)
        .reduce((sum, { text = '' }) => sum + text.length, 0);
    let mostBytes = bytesBefore;
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      await setTimeout(250);
      mostBytes = Math.max(mostBytes, await residentBytes(server));
    }
    const meanwhile = percentile((await readers.obey('take latencies')).latencies);
    await expect.poll(said, { timeout: patience, interval: 1000 }).toBeGreaterThan(floodBytes);
    mostBytes = Math.max(mostBytes, await residentBytes(server));
    const saidBytes = said();
    const stoppedSeconds = Math.round((Date.now() - stoppedAt) / 1000);
    const resumedAt = performance.now();
    stoppers.resume();
    const newest = readLog(file).at(-1)?.position ?? 0;
    const caughtUpTo = (position: number) => async () =>
      (await stoppers.obey('look', position)).caughtUp;
    await expect.poll(caughtUpTo(newest), { timeout: patience }).toBe(stopped);
    const resumed = (performance.now() - resumedAt) / 1000;
    over.abort();
    const sent = await speaking;
    const messages = readLog(file).filter(({ name }) => name === 'messages:new');
    const last = messages.at(-1)?.position ?? 0;
    await expect.poll(caughtUpTo(last), { timeout: patience }).toBe(stopped);
    const told = await Promise.all([stoppers.obey('tell'), readers.obey('tell')]);
    const positions = messages.map(({ position }) => position);
    const ofAll = messages.filter(({ chatId }) => chatId === heardByAll);
    const expected = [positions, ofAll.map(({ position }) => position)];
    const wrong = told.flatMap(({ heard }, index) =>
      heard.filter((each) => each.join() !== tail(expected[index] ?? [], each[0]).join()),
    );
    const rows = [
      ['listeners', listeners],
      ['… that stopped', `${stopped}, for ${stoppedSeconds} s`],
      ['said meanwhile to each of them', `${Math.round(saidBytes / mebibyte)} MiB`],
      ['server memory before', `${Math.round(bytesBefore / mebibyte)} MiB`],
      ['… at most while they were stopped', `${Math.round(mostBytes / mebibyte)} MiB`],
      ["others' p99 before", `${usual} ms`],
      ["others' p99 while they were stopped", `${meanwhile} ms`],
      ['all caught up after reading again', `${resumed.toFixed(1)} s`],
      ['messages', sent.flat().length],
      ['listeners that lost or repeated anything', wrong.length],
    ];
    await report('T10', [
      '### Readers that stop',
      '',
      '| | |',
      '|---|---|',
      ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    ]);
    expect(wrong.map((each) => each.length)).toEqual([]);
    expect(told.flatMap(({ errors }) => errors)).toEqual([]);
    expect(mostBytes - bytesBefore).toBeLessThanOrEqual(stopped * mebibyte + ownBytes);
    // Of the few messages of a newcomer's run there is no 99th percentile, only a latest.
    if (profile() === 'newcomer') return;
    expect(meanwhile).toBeLessThanOrEqual(usual * 1.5);
  },
);

type Client = Events<SendEvents, ListenEvents>;

async function openChat(events: Client, creator: string): Promise<string> {
  const data = { room: 'sales', source: 'web', creator };
  return (await events.send('chats:create', data)).chat.id;
}

/** Says so much, in the chats in turn, until it is told to stop; resolves with all replies. */
async function speak(
  events: Client,
  chats: readonly string[],
  { perSecond, length }: typeof talk,
  signal: AbortSignal,
) {
  const replies: Promise<unknown>[] = [];
  const start = performance.now();
  while (!signal.aborted) {
    while (replies.length < ((performance.now() - start) / 1000) * perSecond) {
      const chatId = chats[replies.length % chats.length] ?? '';
      const message = `${Date.now()} `.padEnd(length, 'x');
      replies.push(events.send('messages:send', { chatId, message }));
    }
    await setTimeout(5);
  }
  return Promise.all(replies);
}

async function residentBytes({ pid }: ServerProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** 99 of 100 are no more than this. */
function percentile(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)] ?? 0;
}

/** From that one on: who subscribed before the first one was sent has heard all. */
function tail(positions: readonly number[], first: number | undefined): readonly number[] {
  return positions.slice(first === undefined ? 0 : positions.indexOf(first));
}
