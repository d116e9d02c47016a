import type { Encoded } from '../encoding/encoded.ts';
import { encode } from '../encoding/encoder.ts';
import type { Driver } from '../log/driver.ts';
import type { Row, Transaction } from '../log/log.ts';
import { integer, text } from './columns.ts';
import { hashes, hashOf } from './hash.ts';
import { HashFilter } from './hash-filter.ts';

/** What makes a send the same send: who, which event, and the key the client made. */
export interface SendKey {
  actor: string;
  event: string;
  key: string;
}

/** The reply a key was given first, and what tells the data it was given for. */
export interface FirstReply {
  fingerprint: number;
  reply: Encoded;
}

/** A reply to keep. */
export interface NewReply {
  fingerprint: number;
  reply: unknown;
}

/** The first reply to each key. */
export interface Replies {
  find(transaction: Transaction, sendKey: SendKey): Promise<FirstReply | undefined>;
  /** Gives the reply as it is written: by itself unless an occurrence of its send says it word for word. */
  keep(transaction: Transaction, sendKey: SendKey, first: NewReply, at: number): Encoded;
  /** Forgets those that rows of the log were, and a few that were given up to a time. Gives whether there may be more of these. */
  forget(transaction: Transaction, gone: readonly Row[], until: number): Promise<boolean>;
}

/**
 * Keys are random: each would change another page of an index, which costs more than the rest of its send. So young keys
 * are known in memory, and the index gets them part by part, many neighbours at a time: the next part each time the log
 * and the replies have grown by so much.
 */
const parts = 256;
const growthPerTurn = 64;

/** Of more keys than this it is not worked out at the start whether a key can be among them. */
const mostFiltered = 2_000_000;
const pageSize = 50_000;

/** How many replies are forgotten at once. */
const sliceSize = 64;

/** A key and where its first reply is. */
interface Entry {
  name: string;
  hash: number;
  place: number;
}

/** Opens the replies of a store. Where others write to it too, each key is in the index at once. */
export async function openReplies(driver: Driver): Promise<Replies> {
  const newestRow = await driver.first(
    'SELECT (SELECT max(id) FROM reply) AS id, (SELECT max(position) FROM event WHERE position > 0) AS position',
  );
  let newestId = integer(newestRow ?? {}, 'id');
  const newestPosition = integer(newestRow ?? {}, 'position');
  let turn = turnAt(newestPosition + newestId);
  /** Young keys by name, in parts by hash. One whose send failed leads nowhere. */
  const young = Array.from({ length: parts }, () => new Map<string, Entry>());
  const partOf = (hash: number): Map<string, Entry> =>
    young[Math.floor((hash / hashes) * parts)] ?? new Map();

  for (const row of await readNewest(driver, newestPosition, newestId)) {
    const entry = entryIn(row);
    partOf(entry.hash).set(entry.name, entry);
  }

  /** The hashes in the index, so that a new key is not looked for; unknown where others may add to them. */
  const indexed = driver.isExclusive ? await readIndexed(driver) : undefined;

  /** Puts keys into the index; they are young no more when that is committed. */
  function index(transaction: Transaction, keys: Iterable<Entry>) {
    const entries = [...keys].toSorted((left, right) => left.hash - right.hash);
    for (const { hash, place } of entries) {
      indexed?.add(hash);
      transaction.putOff(undefined, insertKey, hash, place);
    }
    transaction.afterCommit(() => {
      for (const entry of entries) {
        const part = partOf(entry.hash);
        if (part.get(entry.name) === entry) part.delete(entry.name);
      }
    });
  }

  /** The places where the reply to a key of this hash can be. */
  async function placesOf(transaction: Transaction, hash: number): Promise<number[]> {
    if (indexed && !indexed.mayHave(hash)) return [];
    const rows = await transaction.allStored('SELECT place FROM reply_key WHERE hash = ?', hash);
    return rows.map((row) => integer(row, 'place'));
  }

  return {
    async find(transaction, sendKey) {
      const { name, hash } = nameOf(sendKey);
      const known = partOf(hash).get(name);
      if (known) return readAt(transaction, known.place, sendKey);
      for (const each of await placesOf(transaction, hash)) {
        const first = await readAt(transaction, each, sendKey);
        if (first) return first;
      }
      return undefined;
    },
    keep(transaction, sendKey, { fingerprint, reply }, at) {
      const written = transaction.answerWith(reply, sendKey, fingerprint);
      const encoded = written?.encoded ?? encode(reply);
      let place = written?.position;
      if (place === undefined) {
        const id = (newestId += 1);
        const { actor, event, key } = sendKey;
        const { json, annotations } = encoded;
        transaction.putOff(
          undefined,
          insert,
          id,
          actor,
          event,
          key,
          fingerprint,
          json,
          annotations,
          at,
        );
        place = -id;
      }
      const { name, hash } = nameOf(sendKey);
      const entry = { name, hash, place };
      partOf(hash).set(name, entry);
      if (!driver.isExclusive) {
        index(transaction, [entry]);
        return encoded;
      }
      const turnNow = turnAt(transaction.head + newestId);
      for (turn = Math.max(turn, turnNow - parts); turn < turnNow; turn += 1) {
        index(transaction, young[turn % parts]?.values() ?? []);
      }
      return encoded;
    },
    async forget(transaction, gone, until) {
      const oldest = await transaction.all(
        'SELECT at, -id AS place, actor, event, key FROM reply ORDER BY id LIMIT ?',
        sliceSize,
      );
      const given = oldest.filter((row) => integer(row, 'at') <= until);
      const entries = [...gone, ...given].filter(({ event }) => event !== null).map(entryIn);
      for (const { name, hash, place } of entries) {
        if (place < 0) transaction.putOff(undefined, 'DELETE FROM reply WHERE id = ?', -place);
        transaction.putOff(undefined, deleteKey, hash, place);
        transaction.afterCommit(() => {
          const part = partOf(hash);
          if (part.get(name)?.place === place) part.delete(name);
        });
      }
      return given.length === sliceSize;
    },
  };
}

const insert =
  'INSERT INTO reply (id, actor, event, key, fingerprint, reply, annotations, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

/** After a start some of the newest keys are young once more though they are in the index. */
const insertKey =
  'INSERT INTO reply_key (hash, place) VALUES (?, ?) ON CONFLICT (hash, place) DO NOTHING';

const deleteKey = 'DELETE FROM reply_key WHERE hash = ? AND place = ?';

const turnAt = (grown: number) => Math.floor(grown / growthPerTurn);

/** The keys of the newest replies, all that the index does not have among them. */
function readNewest(driver: Driver, newestPosition: number, newestId: number): Promise<Row[]> {
  const longestYouth = (parts + 2) * growthPerTurn;
  return driver.all(
    `SELECT position AS place, by_id AS actor, sent AS event, cause AS key FROM event
     WHERE position > ? AND sent IS NOT NULL
     UNION ALL SELECT -id, actor, event, key FROM reply WHERE id > ?`,
    Math.max(0, newestPosition - longestYouth),
    newestId - longestYouth,
  );
}

/** The reply at a place, if it is the one to this key. */
async function readAt(
  transaction: Transaction,
  place: number,
  { actor, event, key }: SendKey,
): Promise<FirstReply | undefined> {
  const row =
    place > 0
      ? await transaction.first(
          `SELECT fingerprint, data AS reply, annotations FROM event
           WHERE position = ? AND by_id = ? AND sent = ? AND cause = ?`,
          place,
          actor,
          event,
          key,
        )
      : await transaction.first(
          `SELECT fingerprint, reply, annotations FROM reply
           WHERE id = ? AND actor = ? AND event = ? AND key = ?`,
          -place,
          actor,
          event,
          key,
        );
  if (!row) return undefined;
  const reply = { json: text(row, 'reply'), annotations: text(row, 'annotations') };
  return { fingerprint: integer(row, 'fingerprint'), reply };
}

/** The hashes of all keys in the index, unless there are too many to tell them apart. */
async function readIndexed(driver: Driver): Promise<HashFilter | undefined> {
  const filter = new HashFilter();
  for (let after = -1, rows = pageSize, total = 0; rows === pageSize;) {
    const page = await driver.all(
      'SELECT hash FROM reply_key WHERE hash > ? ORDER BY hash LIMIT ?',
      after,
      pageSize,
    );
    for (const row of page) filter.add((after = integer(row, 'hash')));
    rows = page.length;
    total += rows;
    if (total > mostFiltered) return undefined;
  }
  return filter;
}

/** A row with the place of a reply, and the actor, event and key that it was given to. */
function entryIn(row: Row): Entry {
  const sendKey = { actor: text(row, 'actor'), event: text(row, 'event'), key: text(row, 'key') };
  return { ...nameOf(sendKey), place: integer(row, 'place') };
}

/** An event's name has no spaces and the key's length is told, so no two keys have the same name. */
function nameOf({ actor, event, key }: SendKey): { name: string; hash: number } {
  const name = `${event} ${key.length} ${key} ${actor}`;
  return { name, hash: hashOf(name) };
}
