import { mkdtempDisposable, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createCheckpointer } from '../../src/log/checkpointer.ts';
import { openSqlite } from '../../src/log/sqlite.ts';
import { StoreThread } from '../../src/log/store-thread.ts';

/** How often the file of what is written ahead has begun anew; its header says so. */
async function timesBegun(file: string): Promise<number> {
  await using handle = await open(`${file}-wal`);
  const { buffer } = await handle.read(Buffer.alloc(32), 0, 32, 0);
  return buffer.readUInt32BE(12);
}

test('what is written ahead goes to where it belongs while others write, and its file begins anew', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-checkpoint-'));
  const file = join(directory.path, 'parley.db');
  await using driver = openSqlite(file, { threads: true });
  let written = 0;
  const write = async () => {
    await driver.ready();
    await driver.begin();
    const sql = 'INSERT INTO user (id, role) VALUES (?, ?)';
    const statements = Array.from({ length: 1000 }, () => {
      written += 1;
      return { sql, values: [`u_${written}`, 'customer'] };
    });
    await driver.runAll(statements);
    await driver.commit();
    return timesBegun(file);
  };

  const before = await write();
  await expect.poll(write, { timeout: 20_000 }).toBeGreaterThan(before + 1);
  const row = await driver.first('SELECT count(*) AS count FROM user');
  expect(row).toEqual({ count: written });
}, 30_000);

test('when its thread fails, a checkpointer says so and stands in nobody’s way', async () => {
  await using thread = new StoreThread('/nowhere/parley.db');
  const { promise: failed, resolve } = Promise.withResolvers<unknown>();
  const checkpointer = createCheckpointer(thread, resolve);
  await expect.poll(() => thread.isFree).toBe(true);
  checkpointer.count(1_000_000);

  const message = 'Cannot open database because the directory does not exist';
  expect(await failed).toMatchObject({ message });
  checkpointer.count(1_000_000);
  expect(checkpointer.ready()).toBeUndefined();
});
