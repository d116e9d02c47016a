import type { Encoded } from '../encoding/encoded.ts';
import type { Driver } from '../log/driver.ts';
import type { Row, Transaction } from '../log/log.ts';
import { integer, text } from './columns.ts';
import { HashFilter } from './hash-filter.ts';

/** What makes a send the same send: who, which event, and the key the client made. */
export interface SendKey {
  actor: string;
  event: string;
  key: string;
}

/** The reply a key was given first, and what tells the data it was given for. */
export interface FirstReply {
  fingerprint: string;
  reply: Encoded;
}

/** A reply to keep. One that an occurrence of its send says word for word, at a position, is not written twice. */
export interface NewReply extends FirstReply {
  position?: number | undefined;
}

/** The first reply to each key. */
export interface Replies {
  find(transaction: Transaction, sendKey: SendKey): Promise<FirstReply | undefined>;
  keep(transaction: Transaction, sendKey: SendKey, first: NewReply, at: number): void;
}

/**
 * Keys are random: each would change another page of an index, which costs more than the rest of its send. So young keys
 * are known in memory, and the index gets them part by part, many neighbours at a time: a part each so many keys.
 */
const parts = 16;
const keysPerTurn = 1024;

/** Of more replies than this it is not worked out at the start whether a key can be among them. */
const mostFiltered = 2_000_000;
const pageSize = 50_000;

const columns = `r.fingerprint, coalesce(r.reply, e.data) AS reply, coalesce(r.annotations, e.annotations) AS annotations`;
const withEvent = 'LEFT JOIN event e ON e.position = r.position';

/** Opens the replies of a store. Where others write to it too, each key is in the index at once. */
export async function openReplies(driver: Driver): Promise<Replies> {
  const newestRow = await driver.first('SELECT max(id) AS id FROM reply');
  let newest = integer(newestRow ?? {}, 'id');
  /** The ids of young replies by the names of their keys, in parts by hash. One whose send failed leads nowhere. */
  const young = Array.from({ length: parts }, () => new Map<string, number>());
  const partOf = (hash: number) => young[Math.floor((hash / hashes) * parts)] ?? new Map();

  const unindexed = await driver.all(
    `SELECT r.id, r.actor, r.event, r.key FROM reply r
     WHERE r.id > ? AND NOT EXISTS (SELECT 1 FROM reply_key k WHERE k.hash = r.hash AND k.id = r.id)`,
    newest - 2 * parts * keysPerTurn,
  );
  for (const row of unindexed) {
    const sendKey = { actor: text(row, 'actor'), event: text(row, 'event'), key: text(row, 'key') };
    const name = nameOf(sendKey);
    partOf(hashOf(name)).set(name, integer(row, 'id'));
  }

  /** The hashes in the index, so that a new key is not looked for; unknown where others may add to them. */
  const indexed =
    driver.isExclusive && newest < mostFiltered ? await readIndexed(driver) : undefined;

  /** Puts keys into the index; they are young no more when that is committed. */
  function index(transaction: Transaction, keys: Iterable<[name: string, id: number]>) {
    const entries = Array.from(keys, ([name, id]) => ({ name, id, hash: hashOf(name) }));
    for (const { hash, id } of entries.toSorted((left, right) => left.hash - right.hash)) {
      indexed?.add(hash);
      transaction.putOff(undefined, 'INSERT INTO reply_key (hash, id) VALUES (?, ?)', hash, id);
    }
    transaction.afterCommit(() => {
      for (const { name, id, hash } of entries) {
        const part = partOf(hash);
        if (part.get(name) === id) part.delete(name);
      }
    });
  }

  return {
    async find(transaction, sendKey) {
      const name = nameOf(sendKey);
      const hash = hashOf(name);
      const id = partOf(hash).get(name);
      if (id !== undefined) {
        const row = await transaction.first(
          `SELECT ${columns} FROM reply r ${withEvent} WHERE r.id = ?`,
          id,
        );
        return row && toFirstReply(row);
      }
      if (indexed && !indexed.mayHave(hash)) return undefined;
      const row = await transaction.firstStored(
        `SELECT ${columns} FROM reply_key k JOIN reply r ON r.id = k.id ${withEvent}
         WHERE k.hash = ? AND r.actor = ? AND r.event = ? AND r.key = ?`,
        hash,
        sendKey.actor,
        sendKey.event,
        sendKey.key,
      );
      return row && toFirstReply(row);
    },
    keep(transaction, sendKey, { fingerprint, reply, position }, at) {
      const { actor, event, key } = sendKey;
      const { json, annotations } = reply;
      const name = nameOf(sendKey);
      const hash = hashOf(name);
      const id = (newest += 1);
      transaction.putOff(
        undefined,
        'INSERT INTO reply (id, hash, actor, event, key, fingerprint, position, reply, annotations, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        id,
        hash,
        actor,
        event,
        key,
        fingerprint,
        position ?? null,
        position === undefined ? json : null,
        position === undefined ? annotations : null,
        at,
      );
      partOf(hash).set(name, id);
      if (!driver.isExclusive) {
        index(transaction, [[name, id]]);
      } else if (id % keysPerTurn === 0) {
        index(transaction, young[(id / keysPerTurn) % parts] ?? []);
      }
    },
  };
}

async function readIndexed(driver: Driver): Promise<HashFilter> {
  const filter = new HashFilter();
  for (let after = -1, rows = pageSize; rows === pageSize;) {
    const page = await driver.all(
      'SELECT hash FROM reply_key WHERE hash > ? ORDER BY hash LIMIT ?',
      after,
      pageSize,
    );
    for (const row of page) filter.add((after = integer(row, 'hash')));
    rows = page.length;
  }
  return filter;
}

function toFirstReply(row: Row): FirstReply {
  const reply = { json: text(row, 'reply'), annotations: text(row, 'annotations') };
  return { fingerprint: text(row, 'fingerprint'), reply };
}

/** An event's name has no spaces and the key's length is told, so no two keys have the same name. */
function nameOf({ actor, event, key }: SendKey): string {
  return `${event} ${key.length} ${key} ${actor}`;
}

/** How many hashes there are. */
const hashes = 2 ** 52;

/** FNV-1a twice, for 52 bits. It only says where to look: whoever finds something compares the whole key. */
function hashOf(name: string): number {
  let high = 0x811c9dc5;
  let low = 0x01000193;
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x5bd1e995);
    low ^= low >>> 15;
  }
  return (high >>> 6) * 2 ** 26 + (low >>> 6);
}
