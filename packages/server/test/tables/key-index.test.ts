import { readFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';

import type { Log } from '../../src/log/log.ts';
import { openSqlite } from '../../src/log/sqlite.ts';
import { KeyIndex } from '../../src/tables/key-index.ts';
import { openLog } from '../log/open-log.ts';

/** Keys at places of three generations of events and two of replies. */
const places = [1, 131_071, 131_072, 300_000, 393_215, -1, -131_072, -131_073];
const keys = places.map((place, index) => ({ hash: 2 ** 40 + index * 7, place }));

const add = (log: Log, index: KeyIndex) =>
  log.commit(async (transaction) => {
    for (const key of keys) index.add(transaction, key);
  });

const write = (log: Log, index: KeyIndex, position: number, id: number) =>
  log.commit(async (transaction) => index.writeFilter(transaction, { position, id }));

/** Where it finds the keys. */
const find = (log: Log, index: KeyIndex) =>
  log.read((transaction) => Promise.all(keys.map(({ hash }) => index.placesOf(transaction, hash))));

const found = places.map((place) => [place]);

test('a key is found in whichever generation it is, and again after a start', async () => {
  await using opened = await openLog();
  const { log, driver } = opened;
  const index = await KeyIndex.open(driver);
  await add(log, index);

  const restarted = await KeyIndex.open(driver);
  for (const each of [index, restarted]) {
    expect(keys.every(({ hash }) => each.mayHave(hash))).toBe(true);
    expect(each.mayHave(2 ** 50)).toBe(false);
    expect(await find(log, each)).toEqual(found);
  }
});

test('a filter is written when its generation is whole, once, and read at the next start', async () => {
  await using opened = await openLog();
  const { log, driver } = opened;
  const index = await KeyIndex.open(driver);
  await add(log, index);
  const written = async () => {
    const rows = await driver.all('SELECT generation FROM reply_filter ORDER BY generation');
    return rows.map(({ generation }) => generation);
  };
  await write(log, index, 131_071, 131_071);
  expect(await written()).toEqual([]);

  await write(log, index, 131_072, 131_071);
  await write(log, index, 131_072, 131_072);
  await write(log, index, 131_072, 131_072);
  expect(await written()).toEqual([-1, 0]);

  // What only the filter says shows that it was read.
  await driver.begin();
  await driver.run('UPDATE reply_filter SET bits = zeroblob(262144) WHERE generation = 0');
  await driver.commit();
  const restarted = await KeyIndex.open(driver);
  expect(await find(log, restarted)).toEqual([[], [], ...found.slice(2)]);
});

test('a key that is removed is found no more, and without its last key a generation has no filter', async () => {
  await using opened = await openLog();
  const { log, driver } = opened;
  const index = await KeyIndex.open(driver);
  await add(log, index);
  await write(log, index, 131_072, 0);
  await log.commit(async (transaction) => {
    for (const key of keys.slice(0, 2)) index.remove(transaction, key);
  });
  expect(await find(log, index)).toEqual([[], [], ...found.slice(2)]);

  const restarted = await KeyIndex.open(driver);
  expect(restarted.mayHave(keys[0]?.hash ?? 0)).toBe(false);
  expect(await driver.all('SELECT generation FROM reply_filter')).toEqual([]);
});

test('what an earlier version has indexed is found', async () => {
  const source = join(import.meta.dirname, '../../src/log/schema');
  const earlier = ['001-start', '002-revocation', '003-epoch', '004-retention'];
  await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-earlier-'));
  const file = join(directory.path, 'parley.db');
  const database = new Database(file);
  for (const name of earlier) database.exec(readFileSync(join(source, `${name}.sql`), 'utf8'));
  database.pragma(`user_version = ${earlier.length}`);
  const insert = database.prepare('INSERT INTO reply_key (hash, place) VALUES (?, ?)');
  for (const { hash, place } of keys) insert.run(hash, place);
  database.close();

  await using opened = await openLog(undefined, openSqlite(file));
  const { log, driver } = opened;
  expect(await find(log, await KeyIndex.open(driver))).toEqual(found);
});
