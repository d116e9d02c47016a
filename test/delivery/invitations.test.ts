import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { connect } from '@parley/client';
import { signToken } from '@parley/server';
import { expect, test } from 'vitest';
import * as z from 'zod';

import { type Identity, secret } from '../harness.ts';
import { Chance } from './chance.ts';
import { firstSeed, profile } from '../profile.ts';
import { type Happened, readHappened } from './read-log.ts';
import { report } from './report.ts';
import { freePort, ServerProcess } from './server-process.ts';

const counts = { newcomer: { kills: 2 }, ci: { kills: 15 }, long: { kills: 150 } };

const agents = 8;
const chats = 12;

/** Seconds; the shortest there is. */
const interval = 5;

/** How late an invitation may end: while the server is up, and after it is up again, in milliseconds. */
const lateWhileUp = 1000;
const lateAfterStart = 2000;

/** When there was no server, in milliseconds since 1970. */
interface Outage {
  from: number;
  to: number;
}

function open(url: string, identity: Identity) {
  return connect({ url, token: () => signToken({ ...identity, secret, ttl: 86_400 }) });
}

/** Refusals are of no account here: what counts is what the log says. */
function tried(sent: Promise<unknown>): void {
  sent.catch(() => undefined);
}

/** An agent who rejects every other invitation, after a while, and lets the rest pass. */
async function employ(url: string, sub: string, chance: Chance) {
  const events = open(url, { sub, role: 'agent' });
  await events.send('agents:login', { rooms: ['sales'], capacity: 5 });
  events.subscribe('invitations:new', ({ invitationId }) => {
    if (chance.below(2) === 0) return;
    const reject = async () => {
      await setTimeout(chance.below(interval * 1000));
      await events.send('invitations:reject', { invitationId });
    };
    tried(reject());
  });
  // Who has let two pass is taken for away.
  events.subscribe('invitations:expire', () =>
    tried(events.send('agents:status', { status: 'available' })),
  );
  return events;
}

/** Customers who wait, each sought an agent for again and again. */
async function seek(url: string) {
  const events = open(url, { sub: 'backend', role: 'service' });
  const assign = (chatId: string) => events.send('chats:assign', { chatId, interval });
  events.subscribe('forever:alone', ({ chatId }) => tried(assign(chatId)));
  for (let index = 0; index < chats; index += 1) {
    const creator = `customer-${index}`;
    const { chat } = await events.send('chats:create', { room: 'sales', source: 'web', creator });
    await assign(chat.id);
  }
  return events;
}

const Invitation = z.object({ invitationId: z.string(), expiresAt: z.coerce.date() });
const End = z.object({ invitationId: z.string(), reason: z.string().optional() });
const ends = ['invitations:accept', 'invitations:reject', 'invitations:expire'];

/** Each invitation: when it was due, and how it ended. */
function invitationsIn(happened: readonly Happened[]) {
  const endsOf = new Map<string, { at: number; reason: string | undefined }[]>();
  for (const { name, at, data } of happened) {
    if (!ends.includes(name)) continue;
    const { invitationId, reason } = End.parse(data);
    const isTimeout = name === 'invitations:expire' && reason === 'timeout';
    const end = { at, reason: isTimeout ? 'timeout' : name };
    endsOf.set(invitationId, [...(endsOf.get(invitationId) ?? []), end]);
  }
  return happened
    .filter(({ name }) => name === 'invitations:new')
    .map(({ data }) => Invitation.parse(data))
    .map(({ invitationId, expiresAt }) => ({
      invitationId,
      due: expiresAt.getTime(),
      ends: endsOf.get(invitationId) ?? [],
    }));
}

test(
  'an invitation ends exactly once and in time, however often the server is killed',
  { timeout: 60_000 + counts[profile()].kills * 30_000 },
  async () => {
    const { kills } = counts[profile()];
    const seed = firstSeed();
    const chance = new Chance(seed);
    await using opened = new AsyncDisposableStack();
    const { path: directory } = opened.use(
      await mkdtempDisposable(join(tmpdir(), 'parley-invitations-')),
    );
    const file = join(directory, 'parley.db');
    const server = opened.use(new ServerProcess({ directory, port: await freePort() }));
    await server.start(file);
    for (let index = 0; index < agents; index += 1) {
      opened.use(await employ(server.url, `agent-${index}`, chance.fork()));
    }
    opened.use(await seek(server.url));

    const outages: Outage[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await setTimeout(chance.below(interval * 1000));
      const from = Date.now();
      await server.kill();
      await server.start(file);
      outages.push({ from, to: Date.now() });
    }
    await setTimeout(interval * 1000 + lateAfterStart);
    const now = Date.now();
    const invitations = invitationsIn(readHappened(file));

    const over = invitations.filter(({ due }) => due < now - lateWhileUp);
    const notOnce = invitations.filter((each) => each.ends.length > 1);
    const notEnded = over.filter((each) => each.ends.length === 0);
    const timeouts = over.flatMap((each) =>
      each.ends
        .filter(({ reason }) => reason === 'timeout')
        .map(({ at }) => ({ at, due: each.due, outage: outageAt(outages, each.due) })),
    );
    const early = timeouts.filter(({ at, due }) => at < due);
    const lateness = (during: boolean) =>
      timeouts
        .filter(({ outage }) => (outage !== undefined) === during)
        .map(({ at, due, outage }) => at - (outage?.to ?? due));
    const whileUp = Math.max(0, ...lateness(false));
    const afterStart = Math.max(0, ...lateness(true));
    const rows = [
      ['seed', seed],
      ['kills', kills],
      ['invitations', invitations.length],
      ['… that timed out', timeouts.length],
      ['… of these due while there was no server', lateness(true).length],
      ['ended twice, or never', notOnce.length + notEnded.length],
      ['latest end while the server was up', `${whileUp} ms after it was due`],
      ['latest end of those due in between', `${afterStart} ms after the port opened`],
    ];
    await report('T6, invitations', [
      '### Invitations under `kill -9`',
      '',
      '| | |',
      '|---|---|',
      ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    ]);
    expect({ notOnce, notEnded, early }).toEqual({ notOnce: [], notEnded: [], early: [] });
    expect(timeouts.length).toBeGreaterThan(kills);
    expect(whileUp).toBeLessThanOrEqual(lateWhileUp);
    expect(afterStart).toBeLessThanOrEqual(lateAfterStart);
    expect(server.complaints).toEqual([]);
  },
);

/** The outage an invitation was due in, or so shortly before that its end may not have been committed. */
function outageAt(outages: readonly Outage[], due: number): Outage | undefined {
  return outages.find(({ from, to }) => due > from - lateWhileUp && due < to);
}
