import type { Encoded } from '../encoding/encoded.ts';
import { encode } from '../encoding/encoder.ts';
import type { Driver } from '../log/driver.ts';
import type { Row, Transaction } from '../log/log.ts';
import { integer, text } from './columns.ts';
import { hashOf } from './hash.ts';
import { KeyIndex } from './key-index.ts';
import { type PlacedKey, YoungKeys } from './young-keys.ts';

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
  /** Nothing of the last group has happened: what it put into the index is not there. */
  groupFailed(): void;
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

/** For how long a key is young, as the log and the replies grow. */
const longestYouth = (parts + 2) * growthPerTurn;

/** How many replies are forgotten at once. */
const sliceSize = 64;

/** Opens the replies of a store. Where others write to it too, each key is in the index at once. */
export async function openReplies(driver: Driver): Promise<Replies> {
  const newestRow = await driver.first(
    'SELECT (SELECT max(id) FROM reply) AS id, (SELECT max(position) FROM event WHERE position > 0) AS position',
  );
  let newestId = integer(newestRow ?? {}, 'id');
  const newestPosition = integer(newestRow ?? {}, 'position');
  let turn = turnAt(newestPosition + newestId);
  let committedTurn = turn;
  const young = new YoungKeys(parts);
  for (const row of await readNewest(driver, newestPosition, newestId)) young.add(placedKeyIn(row));

  const index = await KeyIndex.open(driver);

  /** Puts keys into the index; they are young no more when that is committed. */
  function addToIndex(transaction: Transaction, keys: readonly PlacedKey[]) {
    for (const key of keys) index.add(transaction, key);
    transaction.afterCommit(() => keys.forEach((key) => young.remove(key)));
  }

  async function firstOf(transaction: Transaction, places: readonly number[], sendKey: SendKey) {
    for (const place of places) {
      const first = await readAt(transaction, place, sendKey);
      if (first) return first;
    }
    return undefined;
  }

  return {
    async find(transaction, sendKey) {
      const hash = hashOfKey(sendKey);
      const places = young.placesOf(hash);
      const first = places.length > 0 ? await firstOf(transaction, places, sendKey) : undefined;
      if (first || !index.mayHave(hash)) return first;
      return firstOf(transaction, await index.placesOf(transaction, hash), sendKey);
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
      const key = { hash: hashOfKey(sendKey), place };
      young.add(key);
      if (!driver.isExclusive) {
        addToIndex(transaction, [key]);
        return encoded;
      }
      const turnNow = turnAt(transaction.head + newestId);
      if (turnNow > turn) transaction.afterCommit(() => (committedTurn = turn));
      for (turn = Math.max(turn, turnNow - parts); turn < turnNow; turn += 1) {
        addToIndex(transaction, young.ofPart(turn % parts));
        index.writeFilter(transaction, {
          position: transaction.head - longestYouth,
          id: newestId - longestYouth,
        });
      }
      return encoded;
    },
    groupFailed() {
      turn = committedTurn;
    },
    async forget(transaction, gone, until) {
      const oldest = await transaction.all(
        'SELECT at, -id AS place, actor, event, key FROM reply ORDER BY id LIMIT ?',
        sliceSize,
      );
      const given = oldest.filter((row) => integer(row, 'at') <= until);
      const keys = [...gone, ...given].filter(({ event }) => event !== null).map(placedKeyIn);
      for (const key of keys) {
        const { place } = key;
        if (place < 0) transaction.putOff(undefined, 'DELETE FROM reply WHERE id = ?', -place);
        index.remove(transaction, key);
        transaction.afterCommit(() => young.remove(key));
      }
      return given.length === sliceSize;
    },
  };
}

const insert =
  'INSERT INTO reply (id, actor, event, key, fingerprint, reply, annotations, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

const turnAt = (grown: number) => Math.floor(grown / growthPerTurn);

/** The keys of the newest replies, all that the index does not have among them. */
function readNewest(driver: Driver, newestPosition: number, newestId: number): Promise<Row[]> {
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

/** A row with the place of a reply, and the actor, event and key that it was given to. */
function placedKeyIn(row: Row): PlacedKey {
  const sendKey = { actor: text(row, 'actor'), event: text(row, 'event'), key: text(row, 'key') };
  return { hash: hashOfKey(sendKey), place: integer(row, 'place') };
}

/** An event's name has no spaces and the key's length is told, so no two keys are the same text. */
function hashOfKey({ actor, event, key }: SendKey): number {
  return hashOf(event, ` ${key.length} `, key, ' ', actor);
}
