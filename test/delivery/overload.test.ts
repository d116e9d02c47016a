import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { connect } from '@parley/client';
import { signToken } from '@parley/server';
import { expect, test } from 'vitest';

import { Connection, request } from '../conformance/connection.ts';
import { secret } from '../harness.ts';
import { profile } from '../profile.ts';
import { messageName } from './history.ts';
import { type Offer, Offering, type OfferingReport } from './offering.ts';
import { readLog } from './read-log.ts';
import { report } from './report.ts';
import { freePort, ServerProcess } from './server-process.ts';

/** How often, and for how many seconds the peak is looked for, twice as much is offered, and little is offered. */
const counts = {
  newcomer: { rounds: 1, peak: 2, over: 8, calm: 5 },
  ci: { rounds: 5, peak: 4, over: 8, calm: 5 },
  long: { rounds: 9, peak: 10, over: 30, calm: 10 },
};

/** How often twice as much is offered once more, for the sake of one who has got through so far. */
const moreRounds = 3;

/** Back ends, each of which speaks for some people. Those who are told to wait do so, and others of the same back end do not. */
const connections = 2000;
const peopleOfEach = 10;

/** As usual, but for what so many connections of one user from one address, and so many people behind one, would reach. */
const limits = {
  acceptsPerSecond: 0,
  unauthenticatedPerAddress: 0,
  connectionsPerUser: 0,
  inFlight: 0,
};

/** How many sends are under way where the next one comes when one is answered. */
const atOnce = 500;

/** Everything is normal while nothing is refused and 99 of 100 replies take no longer than this, in milliseconds. */
const normal = 100;

/** How much of the time is looked at together when it is asked whether everything is normal, in milliseconds. */
const moment = 500;

const token = () => signToken({ sub: 'backend', role: 'service', secret, ttl: 86_400 });

test(
  'offered twice what it can do, a server does most of that at once, refuses the rest, loses nothing, and is well again soon',
  { timeout: 300_000 },
  async () => {
    const seconds = counts[profile()];
    await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-overload-'));
    const file = join(directory.path, 'parley.db');
    await using server = new ServerProcess({ directory: directory.path, port: await freePort() });
    const { url } = server;
    await server.start(file, { PARLEY_LIMITS: JSON.stringify(limits) });
    await using offering = new Offering();
    await offering.obey({
      do: 'open',
      url,
      token: await token(),
      chatIds: await openChats(url),
      peopleOfEach,
    });
    await using rude = await Connection.as(url, { sub: 'rude', role: 'service' });

    const reports: OfferingReport[] = [];
    const obey = async (order: Parameters<Offering['obey']>[0]) => {
      const result = await offering.obey(order);
      reports.push(result);
      return result.offers;
    };
    const takeTurns = () => obey({ do: 'take turns', atOnce, milliseconds: seconds.peak * 1000 });
    const offer = (perSecond: number, milliseconds: number) =>
      obey({ do: 'offer', perSecond, milliseconds });
    // Everything has been compiled, and every buffer has its size, before it counts.
    await takeTurns();
    const peaks = [rate(await takeTurns(), seconds.peak)];
    const goodputs: number[] = [];
    let over: Offer[] = [];
    let recovered = 0;
    const offerTwice = async (before: number) => {
      const ended = new AbortController();
      const disobeying = disobey(rude, ended.signal);
      const offers = await offer(2 * before, seconds.over * 1000);
      ended.abort();
      await disobeying;
      return offers;
    };
    for (let round = 0; round < seconds.rounds; round += 1) {
      const before = peaks.at(-1) ?? 0;
      const offers = await offerTwice(before);
      over = over.concat(offers);
      const calm = await offer(before / 4, seconds.calm * 1000);
      recovered = Math.max(recovered, secondsUntilNormal(calm));
      const after = rate(await takeTurns(), seconds.peak);
      peaks.push(after);
      goodputs.push(rate(offers, seconds.over) / ((before + after) / 2));
    }
    // Others wait when they are told to, so refusals come in waves; who is served in between does no wrong.
    for (let more = 0; more < moreRounds && rude.closeCode === undefined; more += 1) {
      await offerTwice(peaks.at(-1) ?? 0);
    }

    const goodput = goodputs.toSorted((one, other) => one - other)[(seconds.rounds - 1) / 2] ?? 0;
    const late = lateOf(of(over, 'done'));
    const told = reports.flatMap(({ offers }) => of(offers, 'done'));
    const share = (outcome: Offer['outcome']) => percent(of(over, outcome).length / over.length);
    const logged = readLog(file).filter(({ name }) => name === messageName).length;
    const rows = [
      ['connections, and people behind each', `${connections} and ${peopleOfEach}`],
      [`sends a second with ${atOnce} under way, before, between and after`, perSecond(peaks)],
      [
        'sends a second that came up, whatever came of those before',
        perSecond(peaks.slice(0, -1).map((peak) => 2 * peak)),
      ],
      ['… that were done', share('done')],
      ['… that were refused', share('refused')],
      ['… held back by who was told to wait', share('held back')],
      [
        'what was done of what can be done, the mean of before and after each',
        goodputs.map(percent).join(', '),
      ],
      ['… median', percent(goodput)],
      ['how soon it was done, 99th percentile', `${Math.round(late)} ms`],
      [
        'how soon others were refused, 99th percentile',
        `${Math.round(lateOf(of(over, 'refused')))} ms`,
      ],
      ['everything was normal again after', `${recovered.toFixed(1)} s`],
      ['sends acknowledged in all', told.length],
      ['… in the log', logged],
      ['who took no notice of retryAfterMs was closed with', rude.closeCode ?? 'nothing'],
    ];
    await report('overload', [
      '### Twice as much as can be done',
      '',
      '| | |',
      '|---|---|',
      ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    ]);
    expect(reports.flatMap(({ errors }) => errors)).toEqual([]);
    expect(reports.flatMap(({ closed }) => closed)).toEqual([]);
    expect(logged).toBe(told.length);
    expect(rude.closeCode).toBe(4429);
    expect(of(over, 'refused')).not.toEqual([]);
    expect(late).toBeLessThanOrEqual(1000);
    expect(goodput).toBeGreaterThanOrEqual(0.8);
    expect(recovered).toBeLessThanOrEqual(5);
  },
);

/** A chat for each connection. */
async function openChats(url: string): Promise<string[]> {
  await using events = connect({ url, token });
  const open = async (creator: string) => {
    const data = { room: 'sales', source: 'web', creator };
    return (await events.send('chats:create', data)).chat.id;
  };
  const chats: string[] = [];
  while (chats.length < connections) {
    const some = Array.from({ length: 100 }, (_, index) => `customer-${chats.length + index}`);
    chats.push(...(await Promise.all(some.map(open))));
  }
  return chats;
}

/** Sends on and on, whatever it is told, until it is closed. */
async function disobey(connection: Connection, until: AbortSignal) {
  for (let round = 0; !until.aborted && connection.closeCode === undefined; round += 1) {
    for (let count = 0; count < 50; count += 1) {
      connection.send(request(`${round} ${count}`, 'mutation', 'send.user:focus', { data: {} }));
    }
    await setTimeout(50);
  }
}

/** How many a second were done of what was asked for in so many seconds. */
function rate(offers: readonly Offer[], seconds: number): number {
  return of(offers, 'done').length / seconds;
}

/** How long the slowest of a hundred took, in milliseconds. */
function lateOf(offers: readonly Offer[]): number {
  const times = offers.map(({ took }) => took).toSorted((one, other) => one - other);
  return times[Math.floor(times.length * 0.99)] ?? 0;
}

/** When the last moment ended that was not normal. */
function secondsUntilNormal(offers: readonly Offer[]): number {
  const moments = Object.values(
    Object.groupBy(offers, ({ at }) => Math.floor(at / moment)),
  ) as Offer[][];
  const isHard = (each: Offer[]) =>
    each.some(({ outcome }) => outcome === 'refused') || lateOf(each) > normal;
  return ((moments.findLastIndex(isHard) + 1) * moment) / 1000;
}

function of(offers: readonly Offer[], outcome: Offer['outcome']): Offer[] {
  return offers.filter((each) => each.outcome === outcome);
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

const perSecond = (rates: number[]) => rates.map((each) => Math.round(each)).join(', ');
