import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openSqlite } from '../../src/log/sqlite.ts';
import { StoreThread } from '../../src/log/store-thread.ts';

async function openBoth() {
  await using opened = new AsyncDisposableStack();
  const { path } = opened.use(await mkdtempDisposable(join(tmpdir(), 'parley-thread-')));
  const file = join(path, 'parley.db');
  const driver = opened.use(openSqlite(file, { threads: true }));
  const thread = opened.use(new StoreThread(file));
  await expect.poll(() => thread.isFree).toBe(true);
  const left = opened.move();
  return { driver, thread, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

const sql = 'INSERT INTO user (id, role) VALUES (?, ?)';
const insert = (id: string) => ({ sql, values: [id, 'customer'] });
const everybody = 'SELECT id FROM user ORDER BY id';

test('what a thread has committed is there for everybody, and what others commit for it', async () => {
  await using opened = await openBoth();
  const { driver, thread } = opened;
  const commit = thread.commit([insert('u_ann'), insert('u_bob')]);
  expect(thread.isFree).toBe(false);
  await commit;
  expect(thread.isFree).toBe(true);
  expect(await driver.all(everybody)).toEqual([{ id: 'u_ann' }, { id: 'u_bob' }]);

  await driver.commitAll([{ sql: 'DELETE FROM user WHERE id = ?', values: ['u_ann'] }]);
  await thread.commit([insert('u_ann')]);
  expect(await driver.all(everybody)).toHaveLength(2);
});

test('a statement that fails undoes all of its transaction, and the thread goes on', async () => {
  await using opened = await openBoth();
  const { driver, thread } = opened;
  const refused = thread.commit([insert('u_ann'), insert('u_ann')]);
  await expect(refused).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  expect(await driver.all(everybody)).toEqual([]);

  await thread.commit([insert('u_ann')]);
  expect(await driver.all(everybody)).toEqual([{ id: 'u_ann' }]);
});
