import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { encode } from '../../src/encoding/encoder.ts';
import { EventError } from '../../src/event-error.ts';
import type { Log } from '../../src/log/log.ts';
import { openSqlite } from '../../src/log/sqlite.ts';
import { openReplies } from '../../src/tables/replies.ts';
import { happening, openLog } from './open-log.ts';

const sendKey = (number: number) => ({
  actor: `u_${number % 7}`,
  event: 'messages:send',
  key: `k_${number}`,
});

function keep(log: Log, number: number, end: () => void = () => undefined) {
  return log.commit(async (transaction) => {
    const first = { fingerprint: number, reply: { number, at: new Date(number) } };
    log.replies.keep(transaction, sendKey(number), first, 0);
    end();
  });
}

async function keepMany(log: Log, total: number, first = 0) {
  for (let start = 0; start < total; start += 256) {
    const length = Math.min(256, total - start);
    await Promise.all(Array.from({ length }, (_, index) => keep(log, first + start + index)));
    await nextTurn();
  }
}

const find = (log: Log, number: number) =>
  log.commit((transaction) => log.replies.find(transaction, sendKey(number)));

const found = (number: number) => ({
  fingerprint: number,
  reply: encode({ number, at: new Date(number) }),
});

test('every key is found: young, in the index, and after a restart', async () => {
  const total = 40_000;
  const sample = Array.from({ length: 400 }, (_, index) => index * 100 + (index % 100));
  await using opened = await openLog();
  const { log, driver } = opened;
  await keepMany(log, total);

  const restarted = await openReplies(driver);
  for (const number of sample) {
    expect(await find(log, number)).toEqual(found(number));
    const again = log.commit((transaction) => restarted.find(transaction, sendKey(number)));
    expect(await again).toEqual(found(number));
  }
  expect(await find(log, total)).toBeUndefined();

  const indexed = await driver.first('SELECT count(*) AS count FROM reply_key');
  expect(Number(indexed?.['count'])).toBeGreaterThan(total / 2);
  expect(Number(indexed?.['count'])).toBeLessThan(total);
}, 60_000);

test('every key is found however often the server restarts before all keys had their turn', async () => {
  const [restarts, each] = [16, 3000];
  const driver = openSqlite(':memory:');
  for (let start = 0; start < restarts * each; start += each) {
    const { log } = await openLog(undefined, driver);
    await keepMany(log, each, start);
  }

  await using opened = await openLog(undefined, driver);
  for (let number = 0; number < restarts * each; number += 97) {
    expect(await find(opened.log, number)).toEqual(found(number));
  }
}, 60_000);

test('every key is found after groups have failed that were to bring older ones into the index', async () => {
  const driver = openSqlite(':memory:');
  let isBroken = false;
  const commit = () => (isBroken ? Promise.reject(new Error('broken')) : driver.commit());
  // Large groups begin and commit, and small ones leave that to the driver.
  const commitAll: typeof driver.commitAll = async (statements) => {
    await driver.begin();
    await driver.runAll(statements);
    await commit();
  };
  const breaking = { ...driver, commit, commitAll };
  const { log } = await openLog(undefined, breaking);
  await keepMany(log, 8000);
  isBroken = true;
  await expect(keepMany(log, 640, 8000)).rejects.toThrow(EventError);
  isBroken = false;
  await keepMany(log, 16_000, 9000);

  await using opened = await openLog(undefined, driver);
  for (let number = 0; number < 8000; number += 3) {
    expect(await find(opened.log, number)).toEqual(found(number));
  }
}, 60_000);

test('a key is known to the works that share its transaction', async () => {
  await using opened = await openLog();
  const { log } = opened;
  const [, same] = await Promise.all([keep(log, 1), find(log, 1)]);
  expect(same).toEqual(found(1));
});

test('the key of a refused work is free again', async () => {
  await using opened = await openLog();
  const { log } = opened;
  const refused = keep(log, 1, () => {
    throw new EventError('FORBIDDEN');
  });
  await expect(refused).rejects.toThrow(EventError);

  expect(await find(log, 1)).toBeUndefined();
  await keep(log, 1);
  expect(await find(log, 1)).toEqual(found(1));
});

test('where others write to the store too, every key is in the index at once', async () => {
  const driver = { ...openSqlite(':memory:'), isExclusive: false };
  await using opened = await openLog(undefined, driver);
  const { log } = opened;
  await keepMany(log, 300);

  const elsewhere = await openReplies(driver);
  const seen = log.commit((transaction) => elsewhere.find(transaction, sendKey(299)));
  expect(await seen).toEqual(found(299));
  const indexed = await driver.first('SELECT count(*) AS count FROM reply_key');
  expect(indexed).toEqual({ count: 300 });
});

test('keys that look alike are told apart', async () => {
  await using opened = await openLog();
  const { log } = opened;
  const keys = [
    { actor: 'a', event: 'e', key: 'b c' },
    { actor: 'c a', event: 'e', key: 'b' },
    { actor: 'a', event: 'e', key: 'b' },
    { actor: 'b', event: 'e', key: 'a' },
  ];
  for (const [index, key] of keys.entries()) {
    await log.commit(async (transaction) =>
      log.replies.keep(transaction, key, { fingerprint: index, reply: {} }, 0),
    );
  }
  for (const [index, key] of keys.entries()) {
    const first = await log.commit((transaction) => log.replies.find(transaction, key));
    expect(first?.fingerprint).toBe(index);
  }
});

test('a reply that an occurrence of its send says word for word is written once', async () => {
  await using opened = await openLog();
  const { log, driver } = opened;
  const { data } = happening('Hello');
  const keepAs = (number: number, reply: unknown, meanwhile?: string) =>
    log.commit(async (transaction) => {
      const { actor, key } = sendKey(number);
      const by = { id: actor, role: 'agent' } as const;
      transaction.append({ ...happening('Hello'), by, cause: key, data });
      if (meanwhile) await transaction.run(meanwhile);
      log.replies.keep(transaction, sendKey(number), { fingerprint: number, reply }, 0);
    });
  await keepAs(1, data);
  await keepAs(2, { ...Object(data), more: true });
  await keepAs(3, data, "INSERT INTO setting VALUES ('statement', 'of a handler')");

  for (const { log: each } of [opened, await openLog(undefined, driver)]) {
    const findIn = (number: number) =>
      each.commit((transaction) => each.replies.find(transaction, sendKey(number)));
    expect(await findIn(1)).toEqual({ fingerprint: 1, reply: encode(data) });
    const more = encode({ ...Object(data), more: true });
    expect(await findIn(2)).toEqual({ fingerprint: 2, reply: more });
    expect(await findIn(3)).toEqual({ fingerprint: 3, reply: encode(data) });
  }
  const rows = await driver.all('SELECT fingerprint FROM reply');
  expect(rows).toEqual([{ fingerprint: 2 }]);
});
