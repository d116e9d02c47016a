import type { Actor } from '@parley/contract';

import type { Encoded } from '../encoding/encoded.ts';
import type { Reach } from './reach.ts';
import type { Replies, SendKey } from '../tables/replies.ts';
import type { Young } from './event-index.ts';

/** A value that SQL takes and gives. */
export type Value = string | number | Uint8Array | null;
export type Row = Record<string, Value>;

/** Reads of what is committed. The statements are in the SQL that SQLite and PostgreSQL share, with `?` for values. */
export interface Snapshot {
  /** The newest position. */
  readonly head: number;
  first(sql: string, ...values: Value[]): Promise<Row | undefined>;
  all(sql: string, ...values: Value[]): Promise<Row[]>;
  /** The positions of the chat's events that its index does not have yet. */
  youngOf(chatId: string): Young;
}

/** An occurrence on its way into the log or, when it is ephemeral, past it. */
export interface NewOccurrence {
  name: string;
  durable: boolean;
  chatId?: string | undefined;
  /** Its place in the chat, when it is durable and has one. */
  seq?: number | undefined;
  at: number;
  by: Actor;
  cause?: string | undefined;
  data: unknown;
  topics: readonly string[];
}

/** An occurrence as the hub gets it: durable ones have a position. */
export interface Happening extends NewOccurrence {
  position?: number;
  /** The data as it is stored, of what is durable. */
  encoded?: Encoded;
  /** The send that its data is the reply to. */
  answered?: Answered;
}

/** A send that was answered: the name of its event, and what tells the data it was sent with. */
export interface Answered {
  event: string;
  fingerprint: number;
}

/** A reply that is written in the log already, as the data of an occurrence. */
export interface Written {
  position: number;
  encoded: Encoded;
}

/** What a commit tells the hub, in order: who may hear what from here on, and what happened. */
export type Effect =
  | { kind: 'occurrence'; occurrence: Happening }
  | { kind: 'grant' | 'revoke'; userId: string; topics: readonly string[] }
  | { kind: 'expel'; userId: string; at: number };

/** One piece of work inside a transaction. It is over when the work ends; later use throws. */
export interface Transaction extends Snapshot {
  run(sql: string, ...values: Value[]): Promise<void>;
  /**
   * Runs a statement that cannot be refused before the next one that may depend on it, or at the end, together with
   * those of other works. Of several that are put off in one place, such as a row, only the last one runs.
   */
  putOff(place: string | undefined, sql: string, ...values: Value[]): void;
  /** As `all`, beside what is put off by works not yet committed, for those who remember what they put off. */
  allStored(sql: string, ...values: Value[]): Promise<Row[]>;
  /** What a work remembered under the key, if it is known to be so still. */
  recall(key: string): unknown;
  /** Remembers something of the store as it is for this work. It counts for others when the work is committed. */
  remember(key: string, value: object): void;
  /** Adds an occurrence; durable ones get the next position. */
  append(occurrence: NewOccurrence): void;
  /** Looks for an occurrence of this work whose data is just this reply, and notes there that it answers the send. */
  answerWith(reply: unknown, sendKey: SendKey, fingerprint: number): Written | undefined;
  /** Lets a user hear topics from here on, or hear them no more. */
  grant(userId: string, topics: readonly string[]): void;
  revoke(userId: string, topics: readonly string[]): void;
  /** Ends every session of a user whose token was issued up to a time; nothing from here on is heard there. */
  expel(userId: string, at: number): void;
  /** Runs once the transaction is on disk, after the hub has its effects. Not at all when it fails. */
  afterCommit(task: () => void): void;
}

/** A topic a user may hear; after leaving a chat only up to the given seq. */
export interface HeardTopic {
  topic: string;
  untilSeq?: number | undefined;
}

/** What somebody may hear. */
export type Hearing = 'all' | readonly HeardTopic[];

export interface ReplayQuery {
  name: string;
  /** Positions above this one … */
  after: number;
  /** … and up to this one. */
  upTo: number;
  /** Everything, or what is in one of these topics. */
  topics: Hearing;
  chatId?: string | undefined;
  limit: number;
}

/**
 * The durable order of everything that happened. Works run one after another; those that arrive together share a
 * transaction, each in a savepoint of its own, so that one refusal spoils no other.
 */
export interface Log extends AsyncDisposable {
  /** The newest committed position. */
  readonly head: number;
  /** The store did not take what was committed last. */
  readonly isSick: boolean;
  /** How many works were handed in so far. */
  readonly handedIn: number;
  /** How many works wait for their turn. */
  readonly waiting: number;
  /** Since when the first of them waits, in milliseconds since 1970. */
  readonly waitingSince: number | undefined;
  readonly replies: Replies;
  readonly reach: Reach;
  /** Runs the work in a transaction; resolves when it is on stable storage. */
  commit<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Runs work that writes nothing, in one order with all others; it may still append what is ephemeral. */
  read<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Waits until everything handed in is done. */
  settled(): Promise<void>;
}

/** Gets each commit's effects, in commit order, before the commit's promise resolves. */
export type CommitListener = (effects: readonly Effect[]) => void;
