import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { systemEnvironment } from '../../src/environment.ts';
import { forgetEvents, lastUpTo } from '../../src/log/forget-events.ts';
import type { Hearing, Log, NewOccurrence } from '../../src/log/log.ts';
import { replay } from '../../src/log/replay.ts';
import { openSqlite } from '../../src/log/sqlite.ts';
import { openLog } from './open-log.ts';

const kept = 'messages:new';
const names = [kept, 'messages:read', 'chats:join'];
const chatIds = ['c_1', 'c_2'];
const hearings: Hearing[] = ['all', [{ topic: 'user:u_ann' }], [{ topic: 'chat:c_1' }]];

/** What happened so long after the thing before it; below zero where a clock was set back. */
const someEvent = fc.record({
  name: fc.constantFrom(...names),
  chatId: fc.constantFrom(...chatIds),
  later: fc.integer({ min: -2, max: 10 }),
  isAnswer: fc.boolean(),
});
type SomeEvent = typeof someEvent extends fc.Arbitrary<infer Value> ? Value : never;

const sendKey = (number: number) => ({ actor: 'u_ann', event: 'some:send', key: `k_${number}` });

/** Writes one event after another, each with a key of its own; gives when each happened. */
async function write(log: Log, events: readonly SomeEvent[]): Promise<number[]> {
  const times: number[] = [];
  let at = 0;
  for (const [index, { name, chatId, later, isAnswer }] of events.entries()) {
    at += later;
    const { actor, key } = sendKey(index);
    const data = { index };
    const occurrence: NewOccurrence = {
      name,
      durable: true,
      chatId,
      seq: index + 1,
      at,
      by: { id: actor, role: 'customer' },
      cause: key,
      data,
      topics: [`chat:${chatId}`, 'user:u_ann'],
    };
    await log.commit(async (transaction) => {
      transaction.append(occurrence);
      const reply = isAnswer ? data : { other: index };
      log.replies.keep(transaction, sendKey(index), { fingerprint: index, reply }, at);
    });
    times.push(at);
  }
  return times;
}

/** Forgets as much as there is to forget, and returns what is the last position of it. */
async function forget(log: Log, until: number): Promise<number> {
  let { horizon: after } = log.reach;
  for (;;) {
    const options = { reach: log.reach, after, until, kept };
    const [slice, areMore] = await log.commit(async (transaction) => {
      const forgotten = await forgetEvents(transaction, options);
      const more = await log.replies.forget(transaction, forgotten?.gone ?? [], until);
      return [forgotten, more];
    });
    after = slice?.upTo ?? after;
    if (!slice?.isFull && !areMore) return after;
  }
}

/** Everything that can be replayed after a position, by name and by who hears it. */
function heardAfter(log: Log, after: number) {
  return log.read(async (snapshot) => {
    const heard: number[][] = [];
    for (const name of names) {
      for (const topics of hearings) {
        const query = { name, topics, after, upTo: log.head, limit: 1000 };
        heard.push((await replay(snapshot, query)).map(({ position = 0 }) => position));
      }
    }
    return heard;
  });
}

const positionsIn = async (log: Log, sql: string) =>
  (await log.read((snapshot) => snapshot.all(sql))).map(({ position }) => Number(position));

test('of a page of the log all goes that comes before the first event that is too young', () => {
  const ages = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 });
  const property = fc.property(ages, fc.integer({ min: 0, max: 20 }), (times, until) => {
    const page = times.map((at, index) => ({ position: index * 3 + 5, at }));
    const upTo = lastUpTo(page, until) ?? 0;
    const gone = page.filter(({ position }) => position <= upTo);
    expect(gone.every(({ at }) => at <= until)).toBe(true);
    expect((page[gone.length]?.at ?? Infinity) > until).toBe(true);
  });
  fc.assert(property);
});

test('what is forgotten leaves nothing but history, and nothing after it is touched, also for the next process', async () => {
  const someEvents = fc.array(someEvent, { minLength: 1, maxLength: 150 });
  const property = fc.asyncProperty(someEvents, fc.nat(600), async (events, until) => {
    const driver = openSqlite(':memory:');
    await using opened = await openLog(systemEnvironment, driver);
    const { log } = opened;
    const times = await write(log, events);
    const tooYoung = times.findIndex((at) => at > until);
    const horizon = tooYoung < 0 ? events.length : tooYoung;
    const before = await heardAfter(log, horizon);
    const history = events.flatMap(({ name }, index) => (name === kept ? [index + 1] : []));

    expect(await forget(log, until)).toBe(horizon);

    // Nobody else writes to it: whoever opens it next finds what this one has left.
    const next = await openLog(systemEnvironment, driver);
    for (const each of [log, next.log]) {
      expect(each.head).toBe(events.length);
      expect(each.reach.horizon).toBe(horizon);
      const refusal = (position: number) =>
        each.reach.refusal({ position, epoch: log.reach.epoch }, each.head);
      expect(refusal(horizon)).toBeUndefined();
      if (horizon > 0) expect(refusal(horizon - 1)).toBe('retention');
      expect(await heardAfter(each, horizon)).toEqual(before);
    }
    const left = await positionsIn(log, 'SELECT position FROM event ORDER BY position');
    const after = Array.from(
      { length: events.length - horizon },
      (_, index) => horizon + 1 + index,
    );
    expect(left).toEqual([...history.filter((position) => position <= horizon), ...after]);
    for (const table of ['event_topic', 'event_of_name']) {
      const sql = `SELECT position FROM ${table} WHERE position <= ${horizon}`;
      expect(await positionsIn(log, sql)).toEqual([]);
    }
    for (const table of ['event_topic', 'event_of_name', 'event_of_chat']) {
      const sql = `SELECT position FROM ${table} WHERE position NOT IN (SELECT position FROM event)`;
      expect(await positionsIn(log, sql)).toEqual([]);
    }
    for (const [index, { name, isAnswer }] of events.entries()) {
      const isKept = isAnswer ? index >= horizon || name === kept : (times[index] ?? 0) > until;
      const found = await log.commit((transaction) =>
        log.replies.find(transaction, sendKey(index)),
      );
      if (isKept || found) expect(found?.fingerprint).toBe(index);
      if (isAnswer) expect(found !== undefined).toBe(isKept);
    }
  });
  await fc.assert(property, { numRuns: 30 });
});

test('what comes after everything was forgotten has a new position, also for the next process', async () => {
  const driver = openSqlite(':memory:');
  await using opened = await openLog(systemEnvironment, driver);
  const event: SomeEvent = { name: 'chats:join', chatId: 'c_1', later: 1, isAnswer: false };
  await write(opened.log, [event, event, event]);
  expect(await forget(opened.log, 1000)).toBe(3);
  expect(await positionsIn(opened.log, 'SELECT position FROM event')).toEqual([]);
  const next = await openLog(systemEnvironment, driver);
  await next.log.commit(async (transaction) => {
    expect(transaction.head).toBe(3);
  });
});

test('whoever reads in the same group as a slice is refused, and does not find a hole', async () => {
  await using opened = await openLog();
  const { log } = opened;
  const event: SomeEvent = { name: 'chats:join', chatId: 'c_1', later: 1, isAnswer: false };
  await write(log, [event, event, event]);
  const options = { reach: log.reach, after: 0, until: 2, kept };
  const slice = log.commit((transaction) => forgetEvents(transaction, options));
  const refused = log.read(async ({ head }) =>
    log.reach.refusal({ position: 1, epoch: log.reach.epoch }, head),
  );
  expect((await slice)?.upTo).toBe(2);
  expect(await refused).toBe('retention');
});
