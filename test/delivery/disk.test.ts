import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { Chance } from './chance.ts';
import { compileDisk, Disk, isCompilerMissing } from './disk.ts';

/** What programs on the disk begin with. */
const prelude = `
  const fs = require('node:fs');
  const file = process.env.DISK_FILE;
  const directory = fs.openSync(require('node:path').dirname(file), 'r');
  const open = (path) => fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_CREAT);
  const database = open(file);
  const log = open(file + '-wal');
`;

/** Runs a program on a disk, kills it when it is done, cuts the power, and says what is left. */
async function leftAfter(program: string, { start, chance }: { start?: string; chance?: Chance }) {
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'parley-disk-'));
  const disk = new Disk(join(temporary.path, 'disk'), await compileDisk(temporary.path));
  await mkdir(disk.directory);
  if (start !== undefined) await writeFile(disk.file, start);
  await disk.begin();
  const child = spawn(
    process.execPath,
    ['-e', `${prelude} ${program}; process.kill(process.pid, 'SIGKILL')`],
    { env: disk.variables, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  const after = join(temporary.path, 'after');
  await disk.cutPower(after, chance);
  const read = (name: string) => readFile(join(after, name), 'utf8').catch(() => undefined);
  return { database: await read('parley.db'), log: await read('parley.db-wal') };
}

describe.skipIf(await isCompilerMissing())('a disk after a power cut', () => {
  test('holds what was synced, and of the rest nothing', async () => {
    const program = `
      fs.writeSync(database, 'old and synced', 0);
      fs.fdatasyncSync(database);
      fs.writeSync(database, 'new', 0);
    `;
    expect(await leftAfter(program, { start: '' })).toEqual({
      database: 'old and synced',
      log: undefined,
    });
  });

  test('holds each file as of its own last sync', async () => {
    const program = `
      fs.fsyncSync(directory);
      fs.writeSync(log, 'one', 0);
      fs.fsyncSync(log);
      fs.writeSync(database, 'from the log', 0);
      fs.writeSync(log, 'two', 3);
      fs.fsyncSync(log);
      fs.writeSync(log, 'not synced', 6);
    `;
    expect(await leftAfter(program, { start: 'start' })).toEqual({
      database: 'start',
      log: 'onetwo',
    });
  });

  test('holds a new file only when its directory was synced', async () => {
    const program = `
      fs.writeSync(log, 'synced', 0);
      fs.fsyncSync(log);
    `;
    expect((await leftAfter(program, {})).log).toBeUndefined();
    const both = await leftAfter(`${program} fs.fsyncSync(directory)`, {});
    expect(both).toEqual({ database: '', log: 'synced' });
  });

  test('holds a file as short as it was cut, when that was synced', async () => {
    const cut = 'fs.ftruncateSync(database, 2);';
    expect((await leftAfter(cut, { start: 'start' })).database).toBe('start');
    const synced = `${cut} fs.writeSync(database, 'op', 2); fs.fsyncSync(database)`;
    expect((await leftAfter(synced, { start: 'start' })).database).toBe('stop');
  });

  test('may hold any of the sectors that were not synced', async () => {
    const program = `fs.writeSync(database, 'b'.repeat(512 * 64), 0);`;
    const start = 'a'.repeat(512 * 64);
    const { database = '' } = await leftAfter(program, { start, chance: new Chance(1) });
    const sectors = Array.from({ length: 64 }, (_, index) =>
      database.slice(index * 512, (index + 1) * 512),
    );
    expect(new Set(sectors)).toEqual(new Set(['a'.repeat(512), 'b'.repeat(512)]));
  });
});
