import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { systemEnvironment } from '../../src/environment.ts';
import { EventError } from '../../src/event-error.ts';
import type { Driver } from '../../src/log/driver.ts';
import { openSqlite } from '../../src/log/sqlite.ts';
import { createVirtualEnvironment } from '../assignment/virtual-environment.ts';
import { happening, openLog } from './open-log.ts';

const insert = 'INSERT INTO user (id, role) VALUES (?, ?)';
const everybody = 'SELECT id FROM user ORDER BY id';

test('works that arrive together share a commit, and positions have no gap where one is refused', async () => {
  await using opened = await openLog({ ...systemEnvironment, now: () => 0 });
  const { log, commits } = opened;

  const ended = await Promise.allSettled([
    log.commit(async (transaction) => transaction.append(happening('first'))),
    log.commit(async (transaction) => {
      transaction.append(happening('refused'));
      throw new EventError('FORBIDDEN');
    }),
    log.commit(async (transaction) => transaction.append(happening('second'))),
  ]);

  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const told = commits.map((effects) =>
    effects.map((effect) => effect.kind === 'occurrence' && effect.occurrence),
  );
  expect(told).toMatchObject([
    [
      { position: 1, data: { text: 'first' } },
      { position: 2, data: { text: 'second' } },
    ],
  ]);
  const rows = await log.read((transaction) =>
    transaction.all('SELECT position, data, annotations FROM event ORDER BY position'),
  );
  expect(rows).toEqual([
    { position: 1, data: '{"text":"first"}', annotations: '' },
    { position: 2, data: '{"text":"second"}', annotations: '' },
  ]);
  expect(log.head).toBe(2);
});

test('a refused work undoes what it ran and what it put off, and nothing of those beside it', async () => {
  await using opened = await openLog();
  const { log } = opened;

  const ended = await Promise.allSettled([
    log.commit(async (transaction) => transaction.putOff(undefined, insert, 'u_ann', 'customer')),
    log.commit(async (transaction) => {
      transaction.putOff(undefined, insert, 'u_bob', 'agent');
      await transaction.run(insert, 'u_cem', 'agent');
      transaction.putOff(undefined, insert, 'u_dan', 'agent');
      expect(await transaction.all(everybody)).toHaveLength(4);
      throw new EventError('FORBIDDEN');
    }),
    log.commit((transaction) => transaction.run(insert, 'u_eve', 'agent')),
  ]);

  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const rows = await log.read((transaction) => transaction.all(everybody));
  expect(rows).toEqual([{ id: 'u_ann' }, { id: 'u_eve' }]);
});

test('of what is put off in one place only the last one runs', async () => {
  await using opened = await openLog();
  const { log } = opened;
  const rename = 'UPDATE user SET name = ? WHERE id = ?';
  const put = (name: string) =>
    log.commit(async (transaction) => transaction.putOff('ann', rename, name, 'u_ann'));

  await log.commit((transaction) => transaction.run(insert, 'u_ann', 'customer'));
  await Promise.all([put('Ann'), put('Anne')]);

  const row = await log.read((transaction) => transaction.first('SELECT name FROM user'));
  expect(row).toEqual({ name: 'Anne' });
});

test('what a work remembers counts for others unless it is refused', async () => {
  await using opened = await openLog();
  const { log } = opened;
  const recall = () => log.read(async (transaction) => transaction.recall('ann'));
  const remember = (name: string, end: () => void) =>
    log.commit(async (transaction) => {
      transaction.remember('ann', { name });
      expect(transaction.recall('ann')).toEqual({ name });
      end();
    });
  const refuse = () => {
    throw new EventError('FORBIDDEN');
  };

  const refused = remember('Anna', refuse);
  await expect(refused).rejects.toThrow(EventError);
  expect(await recall()).toBeUndefined();
  const [, recalled] = await Promise.all([remember('Ann', () => undefined), recall()]);
  expect(recalled).toEqual({ name: 'Ann' });
  await expect(remember('Anna', refuse)).rejects.toThrow(EventError);
  expect(await recall()).toEqual({ name: 'Ann' });
});

test('when the store fails, every work of the group fails, and nothing of it is told or remembered', async () => {
  const driver = openSqlite(':memory:');
  let isFull = false;
  const commitAll: Driver['commitAll'] = async (statements) => {
    if (isFull) throw new Error('The disk is full.');
    await driver.commitAll(statements);
  };
  await using opened = await openLog(undefined, { ...driver, commitAll });
  const { log, commits } = opened;
  isFull = true;
  const work = () =>
    log.commit(async (transaction) => {
      transaction.remember('ann', { name: 'Ann' });
      transaction.append(happening('lost'));
    });

  const ended = await Promise.allSettled([work(), work()]);
  expect(ended).toMatchObject([
    { status: 'rejected', reason: { code: 'INTERNAL' } },
    { status: 'rejected', reason: { code: 'INTERNAL' } },
  ]);
  expect([log.head, commits]).toEqual([0, []]);
  expect(await log.read(async (transaction) => transaction.recall('ann'))).toBeUndefined();

  isFull = false;
  await work();
  expect(log.head).toBe(1);
});

test('a statement that fails when it is run at the end fails the group, and the log goes on', async () => {
  await using opened = await openLog();
  const { log } = opened;

  const wrong = log.commit(async (transaction) => transaction.putOff(undefined, 'INSERT nonsense'));
  await expect(wrong).rejects.toMatchObject({ code: 'INTERNAL' });
  await log.commit((transaction) => transaction.run(insert, 'u_ann', 'customer'));

  const rows = await log.read((transaction) => transaction.all(everybody));
  expect(rows).toEqual([{ id: 'u_ann' }]);
});

test('a work that takes too long is given up, and those after it go on', async () => {
  const environment = createVirtualEnvironment();
  await using opened = await openLog(environment);
  const { log } = opened;
  const { promise: forever, resolve: atLast } = Promise.withResolvers<void>();

  let late: Promise<void> | undefined;
  const stuck = log.commit(async (transaction) => {
    await transaction.run(insert, 'u_ann', 'customer');
    late = forever.then(() => transaction.run(insert, 'u_bob', 'agent'));
    return late;
  });
  const next = log.commit((transaction) => transaction.run(insert, 'u_cem', 'agent'));
  const ended = Promise.allSettled([stuck, next]);
  await environment.settle();
  await environment.advance(5000);

  expect(await ended).toMatchObject([
    { status: 'rejected', reason: { code: 'TIMEOUT' } },
    { status: 'fulfilled' },
  ]);
  atLast();
  await expect(late).rejects.toThrow('This transaction is over');
  await environment.settle();
  const rows = environment.finish(log.read((transaction) => transaction.all(everybody)));
  expect(await rows).toEqual([{ id: 'u_cem' }]);
});

test('a work has its whole time, however long those before it took', async () => {
  const environment = createVirtualEnvironment();
  await using opened = await openLog(environment);
  const { log } = opened;
  const slow = (milliseconds: number) =>
    log.commit(
      () =>
        new Promise<number>((resolve) =>
          environment.scheduler.after(milliseconds, () => resolve(milliseconds)),
        ),
    );

  const ended = Promise.allSettled([slow(3000), slow(4000), slow(6000)]);
  for (let second = 0; second < 14; second += 1) {
    await environment.advance(1000);
    await nextTurn();
  }

  expect(await ended).toMatchObject([
    { value: 3000 },
    { value: 4000 },
    { reason: { code: 'TIMEOUT' } },
  ]);
});
