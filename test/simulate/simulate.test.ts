import type { Occurrence } from '@parley/contract';
import {
  coreAlgorithms,
  defineAlgorithm,
  makeArrivals,
  makeStaff,
  simulate,
  type SimulateOptions,
  summarize,
} from '@parley/server';
import { expect, test } from 'vitest';

const rooms = ['support'];

/** A morning that ten agents can just about do. */
function morning(seed: number, agents = 10): SimulateOptions {
  const arrivals = makeArrivals({ chats: 300, hours: 12, seed });
  return { arrivals, staff: makeStaff({ agents, capacity: 2, rooms }), seed };
}

test.each(coreAlgorithms.map(({ name }) => name))(
  '%s: the same seed gives the same outcome, another seed another',
  async (algorithm) => {
    const run = (seed: number) => simulate({ ...morning(seed), settings: { algorithm } });
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect((await run(2)).waits).not.toEqual(first.waits);
  },
);

test('as many chats come as were asked for, in the given hours, and more by day than by night', () => {
  const arrivals = makeArrivals({ chats: 2000, hours: 24, seed: 3 });
  const hours = arrivals.map(({ at }) => (at - Date.UTC(2026, 0, 1)) / 3_600_000);
  expect(arrivals).toHaveLength(2000);
  expect(hours).toEqual(hours.toSorted((left, right) => left - right));
  expect(hours[0]).toBeGreaterThanOrEqual(0);
  expect(hours.at(-1)).toBeLessThanOrEqual(24);
  const between = (from: number, to: number) =>
    hours.filter((hour) => from <= hour && hour < to).length;
  expect(between(9, 12)).toBeGreaterThan(5 * between(1, 4));
});

test('every chat is accounted for', async () => {
  const outcome = await simulate(morning(1, 4));
  const taken = Object.values(outcome.chatsPerAgent).reduce((sum, chats) => sum + chats, 0);
  expect(outcome.waits).toHaveLength(300);
  expect(outcome.abandoned).toBeGreaterThan(0);
  expect(taken).toBeLessThanOrEqual(300);
  expect(taken).toBeGreaterThanOrEqual(300 - outcome.abandoned);
});

test('nobody has more chats and invitations than capacity', async () => {
  const loads = new Map<string, number>();
  let highest = 0;
  const add = (agentId: string, change: number) => {
    loads.set(agentId, (loads.get(agentId) ?? 0) + change);
    highest = Math.max(highest, loads.get(agentId) ?? 0);
  };
  function onOccurrence({ name, by, data }: Occurrence) {
    const { agent, userId = '', reason } = Object(data);
    if (name === 'chats:assign') add(agent.id, 1);
    if (name === 'invitations:expire' || name === 'invitations:reject') add(userId, -1);
    if (name === 'chats:close' && reason !== 'abandoned') add(by.id, -1);
  }
  await simulate({ ...morning(1, 4), onOccurrence });
  expect(highest).toBe(2);
  expect(new Set(loads.values())).toEqual(new Set([0]));
});

test.each([1, 2, 3, 4])('more agents never make customers wait longer (seed %d)', async (seed) => {
  const waits = [];
  for (const agents of [3, 6, 12, 24]) {
    waits.push(summarize(await simulate(morning(seed, agents))).wait);
  }
  for (const [index, { p50, p95 }] of waits.entries()) {
    const fewer = waits[index - 1];
    expect(p50).toBeLessThanOrEqual(fewer?.p50 ?? Infinity);
    expect(p95).toBeLessThanOrEqual(fewer?.p95 ?? Infinity);
  }
});

test('where nobody misses or rejects, every chat is taken by the first who is asked', async () => {
  const behaviour = { missRate: 0, rejectRate: 0, answerSeconds: 1, slowdown: 0 };
  const outcome = await simulate({ ...morning(1, 50), behaviour });
  const { jumps, misses, rejections, abandoned, alone } = outcome;
  expect({ jumps, misses, rejections, abandoned, alone }).toEqual({
    jumps: 0,
    misses: 0,
    rejections: 0,
    abandoned: 0,
    alone: 0,
  });
});

test('where nobody answers, everybody gives up in the end', async () => {
  const outcome = await simulate({ ...morning(1), behaviour: { missRate: 1 } });
  expect(outcome.abandoned).toBe(300);
  expect(new Set(Object.values(outcome.chatsPerAgent))).toEqual(new Set([0]));
  expect(summarize(outcome).fairness).toMatchObject({ gini: 0, maxToMean: 1 });
});

test('an algorithm that sends all to the best is less fair than one that spreads them', async () => {
  const fairnessOf = async (algorithm: string) =>
    summarize(await simulate({ ...morning(1), settings: { algorithm } })).fairness;
  const [spread, best] = [await fairnessOf('longest-idle'), await fairnessOf('priority')];
  expect(best.gini).toBeGreaterThan(3 * spread.gini);
  expect(best.maxToMean).toBeGreaterThan(spread.maxToMean);
  expect(best.spread).toBeGreaterThan(spread.spread);
});

test("a team's own algorithm is simulated too, and may take its time", async () => {
  const quick = defineAlgorithm('acme.last', { pick: (pool) => pool.at(-1) ?? pool[0] });
  const slow = defineAlgorithm('acme.slow', { pick: async (pool) => pool.at(-1) ?? pool[0] });
  const broken = defineAlgorithm('acme.broken', { pick: () => Promise.reject(new Error('no')) });
  const run = async (algorithm: string) => {
    const { waits, chatsPerAgent } = await simulate({
      ...morning(1, 30),
      algorithms: [quick, slow, broken],
      settings: { algorithm },
    });
    return { waits, chatsPerAgent };
  };
  expect(await run('acme.slow')).toEqual(await run('acme.last'));
  expect(await run('acme.broken')).toEqual(await run('least-busy'));
  expect(await run('acme.last')).not.toEqual(await run('least-busy'));
});

test('an agent gets chats of the own rooms and languages only', async () => {
  const arrivals = makeArrivals({ chats: 100, hours: 4, seed: 1 }).map((arrival, index) => ({
    ...arrival,
    room: index % 2 ? 'sales' : 'support',
    lang: index % 4 < 2 ? 'de' : 'en',
  }));
  const agent = { capacity: 20, tier: 0 };
  const staff = [
    { ...agent, id: 'german', rooms: ['support', 'sales'], langs: ['de'] },
    { ...agent, id: 'seller', rooms: ['sales'], langs: [] },
    { ...agent, id: 'helper', rooms: ['support'], langs: [] },
  ];
  const chats = new Map<string, { room: string; lang: string }>();
  const seen = new Set<string>();
  function onOccurrence({ name, chatId = '', data }: Occurrence) {
    if (name === 'chats:create') chats.set(chatId, Object(data).chat);
    const { room, lang } = chats.get(chatId) ?? { room: '', lang: '' };
    if (name === 'invitations:accept') seen.add(`${Object(data).userId} ${room} ${lang}`);
  }
  await simulate({ arrivals, staff, seed: 1, onOccurrence });
  expect([...seen].toSorted()).toEqual([
    'german sales de',
    'german support de',
    'helper support de',
    'helper support en',
    'seller sales de',
    'seller sales en',
  ]);
});
