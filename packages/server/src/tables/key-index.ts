import type { Driver } from '../log/driver.ts';
import type { Transaction } from '../log/log.ts';
import { integer } from './columns.ts';
import { bitsOf, HashFilter } from './hash-filter.ts';
import type { PlacedKey } from './young-keys.ts';

/**
 * Places that follow one another are a generation. Its keys are together in the index, so that neighbours share pages
 * however many keys there are of other generations.
 */
const generationSize = 2 ** 17;

/** How far events and replies have come. */
export interface Newest {
  position: number;
  id: number;
}

const pageSize = 50_000;

/** The index of keys by hash, in generations. */
export class KeyIndex {
  /** Of each generation the hashes, so that a new key is not looked for; unknown where others may add to them. */
  readonly #filters: Map<number, HashFilter> | undefined;
  /** The generations whose filter is not in the store. */
  readonly #unwritten: Set<number>;

  private constructor(filters: Map<number, HashFilter> | undefined, unwritten: Iterable<number>) {
    this.#filters = filters;
    this.#unwritten = new Set(unwritten);
  }

  static async open(driver: Driver): Promise<KeyIndex> {
    if (!driver.isExclusive) return new KeyIndex(undefined, []);
    const written = new Map<number, HashFilter>();
    for (const { generation, bits } of await driver.all('SELECT * FROM reply_filter')) {
      if (bits instanceof Uint8Array) written.set(Number(generation), new HashFilter(bits));
    }
    const filters = new Map<number, HashFilter>();
    const unwritten: number[] = [];
    for await (const generation of generationsIn(driver)) {
      const filter = written.get(generation);
      if (!filter) unwritten.push(generation);
      filters.set(generation, filter ?? (await readFilter(driver, generation)));
      written.delete(generation);
    }
    if (written.size > 0) await forgetFilters(driver, [...written.keys()]);
    return new KeyIndex(filters, unwritten);
  }

  /** Whether a key of this hash may be in it. */
  mayHave(hash: number): boolean {
    if (!this.#filters) return true;
    const bits = bitsOf(hash);
    for (const filter of this.#filters.values()) if (filter.mayHave(bits)) return true;
    return false;
  }

  /** Where the first reply to a key of this hash can be. */
  async placesOf(transaction: Transaction, hash: number): Promise<number[]> {
    const places: number[] = [];
    for (const generation of this.#generationsOf(hash)) {
      const rows = await transaction.allStored(select, generation, hash);
      for (const row of rows) places.push(integer(row, 'place'));
    }
    return places;
  }

  add(transaction: Transaction, { hash, place }: PlacedKey): void {
    const generation = this.#generationAt(place);
    this.#filterOf(generation)?.add(bitsOf(hash));
    transaction.putOff(undefined, insert, generation, hash, place);
  }

  remove(transaction: Transaction, { hash, place }: PlacedKey): void {
    transaction.putOff(undefined, remove, this.#generationAt(place), hash, place);
  }

  /** Writes one filter to which nothing can be added, for all keys up to there are in the index; the next start reads it as a whole. */
  writeFilter(transaction: Transaction, upTo: Newest): void {
    for (const generation of this.#unwritten) {
      const filter = this.#filters?.get(generation);
      if (!filter || !isWhole(generation, upTo)) continue;
      transaction.putOff(undefined, insertFilter, generation, filter.bytes);
      transaction.afterCommit(() => this.#unwritten.delete(generation));
      return;
    }
  }

  #generationAt(place: number): number {
    return this.#filters ? Math.floor(place / generationSize) : 0;
  }

  #generationsOf(hash: number): number[] {
    if (!this.#filters) return [0];
    const bits = bitsOf(hash);
    return [...this.#filters].filter(([, each]) => each.mayHave(bits)).map(([each]) => each);
  }

  #filterOf(generation: number): HashFilter | undefined {
    const known = this.#filters?.get(generation);
    if (known || !this.#filters) return known;
    const filter = new HashFilter();
    this.#filters.set(generation, filter);
    this.#unwritten.add(generation);
    return filter;
  }
}

const select = 'SELECT place FROM reply_key WHERE generation = ? AND hash = ?';

/** After a start some of the newest keys are young once more though they are in the index. */
const insert =
  'INSERT INTO reply_key (generation, hash, place) VALUES (?, ?, ?) ON CONFLICT (generation, hash, place) DO NOTHING';

const remove = 'DELETE FROM reply_key WHERE generation = ? AND hash = ? AND place = ?';

/** Of several works in one group each writes it. */
const insertFilter =
  'INSERT INTO reply_filter (generation, bits) VALUES (?, ?) ON CONFLICT (generation) DO NOTHING';

/** Whether no place of a generation comes after these; those of replies are below 0. */
function isWhole(generation: number, { position, id }: Newest): boolean {
  return generation < 0
    ? id >= -generation * generationSize
    : position >= (generation + 1) * generationSize;
}

async function* generationsIn(driver: Driver): AsyncGenerator<number> {
  const next = 'SELECT min(generation) AS generation FROM reply_key';
  let row = await driver.first(next);
  while (row && row['generation'] !== null) {
    const generation = integer(row, 'generation');
    yield generation;
    row = await driver.first(`${next} WHERE generation > ?`, generation);
  }
}

async function readFilter(driver: Driver, generation: number): Promise<HashFilter> {
  const filter = new HashFilter();
  for (let after = -1, rows = pageSize; rows === pageSize;) {
    const page = await driver.all(
      'SELECT hash FROM reply_key WHERE generation = ? AND hash > ? ORDER BY hash LIMIT ?',
      generation,
      after,
      pageSize,
    );
    for (const row of page) filter.add(bitsOf((after = integer(row, 'hash'))));
    rows = page.length;
  }
  return filter;
}

/** Those of generations whose keys are all forgotten. */
async function forgetFilters(driver: Driver, generations: readonly number[]): Promise<void> {
  await driver.begin();
  for (const generation of generations) {
    await driver.run('DELETE FROM reply_filter WHERE generation = ?', generation);
  }
  await driver.commit();
}
