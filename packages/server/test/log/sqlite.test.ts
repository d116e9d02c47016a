import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openSqlite } from '../../src/log/sqlite.ts';

/** A store for which commits are slow from so many milliseconds on. */
async function openStore(slowCommit: number) {
  await using opened = new AsyncDisposableStack();
  const { path } = opened.use(await mkdtempDisposable(join(tmpdir(), 'parley-sqlite-')));
  const driver = opened.use(openSqlite(join(path, 'parley.db'), { threads: true, slowCommit }));
  const left = opened.move();
  let users = 0;

  return {
    driver,
    get users() {
      return users;
    },
    /** Commits, and says whether others had their turn meanwhile. */
    async leavesTurns() {
      let turned = false;
      setImmediate(() => (turned = true));
      users += 1;
      const sql = 'INSERT INTO user (id, role) VALUES (?, ?)';
      await driver.commitAll([{ sql, values: [`u_${users}`, 'customer'] }]);
      return turned;
    },
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

test('while a slow disk writes, others have their turn', async () => {
  await using store = await openStore(0);
  await expect.poll(store.leavesTurns, { timeout: 20_000 }).toBe(true);
  expect(await store.leavesTurns()).toBe(true);
  const row = await store.driver.first('SELECT count(*) AS count FROM user');
  expect(row).toEqual({ count: store.users });
}, 30_000);

test('a fast disk is waited for', async () => {
  await using store = await openStore(60_000);
  for (let commit = 0; commit < 200; commit += 1) expect(await store.leavesTurns()).toBe(false);
});
