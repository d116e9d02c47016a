import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import type { Chance } from './chance.ts';

const run = promisify(execFile);
const source = resolve(import.meta.dirname, 'disk.c');

/** The database, and its log of what is to come into it. */
const names = ['parley.db', 'parley.db-wal'];

/** As much as a disk writes as a whole. */
const sectorBytes = 512;

/** The head of a record in the journal. */
const recordBytes = 24;

/** Says so when there is no compiler, and the tests that need one are skipped; where everything is required they fail. */
export async function isCompilerMissing(): Promise<boolean> {
  if (process.env['PARLEY_REQUIRE_ALL'] === '1') return false;
  try {
    await run('cc', ['--version']);
    return false;
  } catch {
    process.stdout.write('No cc: the tests of power cuts are skipped.\n');
    return true;
  }
}

/** Builds what makes a process's disk forget what was not synced. */
export async function compileDisk(directory: string): Promise<string> {
  const library = join(directory, 'disk.so');
  await run('cc', [
    '-O2',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-shared',
    '-fPIC',
    '-o',
    library,
    source,
  ]);
  return library;
}

/** A directory with a database, on a disk that keeps for sure only what was synced. */
export class Disk {
  readonly file: string;
  /** What makes a process write to this disk. */
  readonly variables: Record<string, string>;
  readonly directory: string;
  readonly #journal: string;
  readonly #broken: string;

  /** A sync takes so many milliseconds longer than that of the disk beneath; none unless told. */
  constructor(directory: string, library: string, slowerBy = 0) {
    this.directory = directory;
    this.file = join(directory, 'parley.db');
    this.#journal = join(directory, 'journal');
    this.#broken = join(directory, 'broken');
    this.variables = {
      LD_PRELOAD: library,
      DISK_FILE: this.file,
      DISK_JOURNAL: this.#journal,
      DISK_BROKEN: this.#broken,
      DISK_MICROSECONDS: String(slowerBy * 1000),
    };
  }

  /**
   * Makes another directory with what is left after a power cut: what was synced and, with chance, any of the sectors
   * that were written since.
   */
  async cutPower(to: string, chance?: Chance): Promise<void> {
    const synced = replay(await this.#start(), await readFile(this.#journal));
    await mkdir(to, { recursive: true });
    for (const [index, name] of names.entries()) {
      let content = synced[index];
      if (content && chance)
        content = mixed(content, await read(join(this.directory, name)), chance);
      if (content) await writeFile(join(to, name), content);
    }
  }

  /** From now on no sync succeeds. */
  async break(): Promise<void> {
    await writeFile(this.#broken, '');
  }

  async repair(): Promise<void> {
    await rm(this.#broken);
  }

  /** Keeps what is on the disk now as what it begins with. */
  async begin(): Promise<void> {
    for (const name of names) {
      const path = join(this.directory, name);
      if (await read(path)) await copyFile(path, `${path}.start`);
    }
  }

  #start(): Promise<(Buffer | undefined)[]> {
    return Promise.all(names.map((name) => read(join(this.directory, `${name}.start`))));
  }
}

/** The files after what disk.c has written down; undefined where there is none. */
function replay(start: readonly (Buffer | undefined)[], journal: Buffer): (Buffer | undefined)[] {
  const contents = start.map((content) => new Content(content));
  let waiting: (() => void)[] = [];
  let offset = 0;
  while (offset + recordBytes <= journal.length) {
    const kind = String.fromCharCode(journal.readUInt32LE(offset));
    const content = contents[journal.readUInt32LE(offset + 4)];
    const place = Number(journal.readBigUInt64LE(offset + 8));
    const begin = offset + recordBytes;
    offset = begin + Number(journal.readBigUInt64LE(offset + 16));
    const bytes = journal.subarray(begin, offset);
    if (kind === 'w') waiting.push(() => content?.write(bytes, place));
    else if (kind === 't') waiting.push(() => content?.resize(place));
    else if (kind === 'n') waiting.push(() => content?.name());
    else if (kind === 'u') waiting.push(() => content?.remove());
    else {
      for (const apply of waiting) apply();
      waiting = [];
    }
  }
  return contents.map((content) => content.bytes);
}

/** A file's bytes as they change. */
class Content {
  #room: Buffer;
  #length: number;
  #isNamed: boolean;

  constructor(start: Buffer | undefined) {
    this.#room = Buffer.from(start ?? []);
    this.#length = this.#room.length;
    this.#isNamed = start !== undefined;
  }

  /** Undefined unless its name is in the directory. */
  get bytes(): Buffer | undefined {
    return this.#isNamed ? this.#room.subarray(0, this.#length) : undefined;
  }

  write(bytes: Buffer, place: number): void {
    const end = place + bytes.length;
    if (end > this.#room.length) {
      const room = Buffer.alloc(end * 2);
      this.#room.copy(room);
      this.#room = room;
    }
    bytes.copy(this.#room, place);
    this.#length = Math.max(this.#length, end);
  }

  resize(length: number): void {
    this.#room.fill(0, Math.min(length, this.#length));
    this.#length = Math.min(length, this.#length);
    if (length > this.#length) this.write(Buffer.alloc(length - this.#length), this.#length);
  }

  name(): void {
    this.#isNamed = true;
  }

  remove(): void {
    this.resize(0);
    this.#isNamed = false;
  }
}

/** What was synced, with some of the sectors that were written since. */
function mixed(synced: Buffer, live: Buffer | undefined, chance: Chance): Buffer {
  if (!live) return synced;
  const content = new Content(synced);
  for (let place = 0; place < live.length; place += sectorBytes) {
    const bytes = live.subarray(place, place + sectorBytes);
    const isSame = synced.subarray(place, place + sectorBytes).equals(bytes);
    if (!isSame && chance.below(2) === 0) content.write(bytes, place);
  }
  return content.bytes ?? synced;
}

async function read(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}
