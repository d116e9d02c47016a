import { defineEvent } from '@parley/contract';
import { defineHandler } from '@parley/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { profile } from '../profile.ts';
import { deployedEvents } from './deployment.ts';
import { hearers, Office, type Target, topicOf } from './office.ts';
import type { Listening, Peer } from './peer.ts';
import { dataFor, impersonations, namesSomething, sendLeaks } from './send-leaks.ts';

/** For what leaves chats as they are. */
let office: Office;
let ofAnn: Target;
let ofEve: Target;
beforeAll(async () => {
  office = await Office.open();
  ofAnn = await office.openChat('ann', 'bob', 'sales');
  ofEve = await office.openChat('eve', 'dora', 'support');
});
afterAll(() => office[Symbol.asyncDispose]());

const sendable = deployedEvents.filter(({ send }) => send);
const listenable = deployedEvents.filter(({ listen }) => listen);

test('the events of every package are in the matrix', () => {
  const names = deployedEvents.map(({ name }) => name);
  expect(names).toContain('messages:send');
  expect(names).toContain('surveys:submit');
  expect(new Set(names).size).toBe(names.length);
});

describe.each(sendable)('sending $name', (event) => {
  test('does not tell the foreign from the unknown, and is for its roles alone', async () => {
    await using own = await Office.open();
    expect(await sendLeaks(own, event)).toEqual([]);
  });

  test('is done in the name of another by nobody who may not', async () => {
    await using own = await Office.open();
    expect(await impersonations(own, event)).toEqual([]);
  });
});

test('a refused send changes nothing', async () => {
  const position = async () => {
    const text = await (await fetch(`${office.server.address}/metrics`)).text();
    return text.match(/^parley_log_position (\d+)$/m)?.[1];
  };
  const [ann, bob] = [office.peer('ann'), office.peer('bob')];
  const before = await position();
  for (const { name, send } of sendable.filter(namesSomething)) {
    if (!send) continue;
    for (const subject of [ann, bob]) {
      expect(await subject.outcome(name, dataFor(send, ofEve))).toMatch(/FORBIDDEN|NOT_FOUND/);
    }
  }
  expect(await position()).toBe(before);
});

/** Pairs per event; the median of many little times says more than their sum. */
const pairs = { newcomer: 20, ci: 100, long: 500 }[profile()];

test('what is foreign takes about as long to refuse as what is unknown', async () => {
  const ann = office.peer('ann');
  const unknown = await office.target(ann, 'unknown');
  const times = { foreign: new Array<number>(), unknown: new Array<number>() };
  for (const { name, send } of sendable.filter(namesSomething)) {
    if (!send?.by.includes('customer')) continue;
    const time = async (place: 'foreign' | 'unknown') => {
      const data = dataFor(send, place === 'foreign' ? ofEve : unknown);
      const start = performance.now();
      await ann.send(name, data);
      times[place].push(performance.now() - start);
    };
    for (let pair = 0; pair < pairs; pair += 1) {
      await time(pair % 2 === 0 ? 'foreign' : 'unknown');
      await time(pair % 2 === 0 ? 'unknown' : 'foreign');
    }
  }
  const ratio = median(times.foreign) / median(times.unknown);
  console.log(
    `foreign ${median(times.foreign).toFixed(3)} ms, unknown ${median(times.unknown).toFixed(3)} ms`,
  );
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

/** What one person hears of one event: all of it, and what is left by naming a chat. */
interface Ears {
  peer: Peer;
  all: Listening;
  own: Listening;
  foreign: Listening;
  unknown: Listening;
}

const kinds = ['all', 'own', 'foreign', 'unknown'] as const;

describe.each(listenable)('listening to $name', ({ name, listen }) => {
  const audiences = listen?.audience ?? [];

  test.each(audiences)('what is published to %s is heard by those it is for', async (audience) => {
    const before = await cursor();
    const ears = await Promise.all(office.peers.map((peer) => open(peer)));
    const data = { name, audience, topic: topicOf(audience, ofAnn), chatId: ofAnn.chatId };
    await office.peer('backend').reply('matrix:publish', data, z.unknown());
    await Promise.all(office.peers.map((peer) => peer.caughtUp()));

    const heardBy = (kind: (typeof kinds)[number]) =>
      ears.filter((each) => each[kind].heard.length > 0).map(({ peer }) => peer.id);
    expect(heardBy('all').toSorted()).toEqual(hearers(audience));
    expect(heardBy('own').toSorted()).toEqual(hearers(audience));
    expect([...heardBy('foreign'), ...heardBy('unknown')]).toEqual([]);

    for (const live of ears) {
      const replay = await open(live.peer, before);
      await live.peer.caughtUp();
      for (const kind of kinds) {
        const expected = listen?.durable ? live[kind].heard : [];
        expect(replay[kind].heard, `${live.peer.id}, ${kind}`).toEqual(expected);
      }
    }
  });

  async function open(peer: Peer, lastEventId?: string): Promise<Ears> {
    const from = lastEventId === undefined ? {} : { lastEventId };
    return {
      peer,
      all: await peer.listen(name, from),
      own: await peer.listen(name, { ...from, chatId: ofAnn.chatId }),
      foreign: await peer.listen(name, { ...from, chatId: ofEve.chatId }),
      unknown: await peer.listen(name, { ...from, chatId: 'c_unknown' }),
    };
  }
});

async function cursor(): Promise<string> {
  const { chatId } = ofAnn;
  return (await office.peer('backend').reply('chats:get', { chatId }, Cursor)).cursor;
}

const Cursor = z.looseObject({ cursor: z.string() });

describe('the matrix itself', () => {
  const data = z.strictObject({ chatId: z.string() });
  const send = {
    by: ['customer'],
    data,
    reply: data,
    errors: ['NOT_FOUND'],
    example: { chatId: 'c_1' },
  } as const;
  const careless = defineEvent('careless:look', { summary: 'Nobody is asked who may.', send });
  const talkative = defineEvent('talkative:look', { summary: 'A refusal says too much.', send });
  const leaky = {
    events: [careless, talkative],
    handlers: [
      defineHandler(careless, async ({ data: { chatId } }) => ({ chatId })),
      defineHandler(talkative, async ({ data: { chatId }, transaction, chats }) => {
        const found = await transaction.first('SELECT id FROM chat WHERE id = ?', chatId);
        if (found) await chats.load(chatId);
        return { chatId };
      }),
    ],
  };

  test.each(leaky.events)('finds that $name leaks', async (event) => {
    await using leaking = await Office.open(leaky);
    expect(await sendLeaks(leaking, event)).not.toEqual([]);
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
