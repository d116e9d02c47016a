import type { ErrorCode } from '@parley/contract';

import { closeCodes } from './socket/close-codes.ts';

/** What happens to whoever reaches a limit. */
export type Consequence =
  | { readonly close: number }
  | { readonly error: ErrorCode; readonly close?: number }
  /** Before the handshake. */
  | { readonly status: number }
  /** Nobody is refused anything. */
  | { readonly instead: string };

export interface LimitDefinition {
  /** What it is unless told. */
  readonly usual: number;
  /** Below it, clients that do nothing wrong would be refused. */
  readonly least?: number;
  readonly unit: string;
  readonly answer: Consequence;
  /** One sentence that says what is limited, and for whom. */
  readonly says: string;
}

/** Every limit of a server. docs/limits.md shows the same table. */
export const limitTable = {
  frameBytes: {
    usual: 65_536,
    unit: 'bytes',
    answer: { close: closeCodes.tooLarge },
    says: 'The size of a message from a client, with all its fragments.',
  },
  maxFragments: {
    usual: 64,
    unit: 'fragments',
    answer: { close: closeCodes.policy },
    says: 'How many fragments a message from a client may come in.',
  },
  bufferPauseBytes: {
    usual: 262_144,
    unit: 'bytes',
    answer: { instead: 'replays wait, ephemeral occurrences are left out' },
    says: 'What a connection has not read yet before nothing is added that can wait or be left out.',
  },
  bufferCloseBytes: {
    usual: 1_048_576,
    unit: 'bytes',
    answer: { close: closeCodes.tooSlow },
    says: 'What a connection has not read yet before it is closed; the client resumes from the log.',
  },
  callsPerFrame: {
    usual: 16,
    least: 16,
    unit: 'calls',
    answer: { error: 'TOO_LARGE' },
    says: 'How many calls a frame may bring beside subscriptions and their stops; of a larger one none is run. At least 16, which clients bring.',
  },
  inFlight: {
    usual: 32,
    unit: 'sends',
    answer: { error: 'RATE_LIMITED' },
    says: 'How many sends of a connection may be under way at once.',
  },
  subscriptions: {
    usual: 128,
    unit: 'subscriptions',
    answer: { error: 'TOO_LARGE' },
    says: 'How many subscriptions a connection may have.',
  },
  idLength: {
    usual: 64,
    unit: 'characters',
    answer: { error: 'VALIDATION' },
    says: 'The length of the id of a message; it is refused with `"id": null`.',
  },
  jsonDepth: {
    usual: 32,
    unit: 'levels',
    answer: { error: 'TOO_LARGE' },
    says: 'How many objects and arrays of an input may lie within one another.',
  },
  jsonNodes: {
    usual: 5_000,
    unit: 'values',
    answer: { error: 'TOO_LARGE' },
    says: 'How many values an input may have: objects, arrays and what they hold.',
  },
  framesPerSecond: {
    usual: 50,
    unit: 'frames/s',
    answer: { error: 'RATE_LIMITED', close: closeCodes.tooMany },
    says: 'How many frames a connection may send, pings too; whoever goes on long after being refused is closed.',
  },
  framesBurst: {
    usual: 100,
    unit: 'frames',
    answer: { error: 'RATE_LIMITED', close: closeCodes.tooMany },
    says: 'How many frames a connection may send at once after it was quiet.',
  },
  sendsPerSecond: {
    usual: 10,
    unit: 'sends/s',
    answer: { error: 'RATE_LIMITED' },
    says: 'How many sends a customer may make, over all connections.',
  },
  sendsBurst: {
    usual: 30,
    unit: 'sends',
    answer: { error: 'RATE_LIMITED' },
    says: 'How many sends a customer may make at once after being quiet.',
  },
  agentSendsPerSecond: {
    usual: 50,
    unit: 'sends/s',
    answer: { error: 'RATE_LIMITED' },
    says: 'How many sends an agent or a supervisor may make, over all connections; services have no such limit.',
  },
  agentSendsBurst: {
    usual: 100,
    unit: 'sends',
    answer: { error: 'RATE_LIMITED' },
    says: 'How many sends an agent or a supervisor may make at once after being quiet.',
  },
  connectionsPerUser: {
    usual: 20,
    unit: 'connections',
    answer: { close: closeCodes.tooMany },
    says: 'How many connections a user may have; one more is closed once its token is known.',
  },
  unauthenticatedPerAddress: {
    usual: 50,
    unit: 'connections',
    answer: { status: 429 },
    says: 'How many connections of one address may be without a user at once.',
  },
  acceptsPerSecond: {
    usual: 200,
    unit: 'connections/s',
    answer: { status: 503 },
    says: 'How many connections the server takes.',
  },
  authSeconds: {
    usual: 5,
    unit: 'seconds',
    answer: { close: closeCodes.unauthorized },
    says: 'How long a connection may be without a user.',
  },
  shedLagMs: {
    usual: 200,
    unit: 'milliseconds',
    answer: { error: 'OVERLOADED' },
    says: 'How late the event loop may be before connections, then replays, then sends are refused.',
  },
  shedQueue: {
    usual: 1_000,
    unit: 'works',
    answer: { error: 'OVERLOADED' },
    says: 'How many works may wait for the log before connections, then replays, then sends are refused.',
  },
  drainSeconds: {
    usual: 20,
    unit: 'seconds',
    answer: { close: closeCodes.goingAway },
    says: 'How long a server that stops goes on for those who are still connected.',
  },
} as const satisfies Record<string, LimitDefinition>;

export type LimitName = keyof typeof limitTable;

/** The limits that are in force; one that is off is infinite. */
export type Limits = Readonly<Record<LimitName, number>>;

/** Limits that are to be something else than usual; 0 is off. */
export type LimitSettings = { readonly [Name in LimitName]?: number };

/** Gets each limit that somebody has reached, each time. The metric counts them by the label `limit`. */
export type ObserveLimit = (name: LimitName) => void;

export const limitMetric = 'parley_limit_reached_total';

/** A setting that is none; the message says what can be set. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

/** The usual limits but for those that are given. Throws a `LimitError` when one is unknown, too low for clients, or no whole number from 0 on. */
export function createLimits(given: object = {}): Limits {
  const table = new Map<string, LimitDefinition>(Object.entries(limitTable));
  const limits = new Map(Array.from(table, ([name, { usual }]) => [name, usual]));
  for (const [name, value] of Object.entries(given)) {
    const definition = table.get(name);
    if (!definition) {
      const known = Array.from(limits.keys()).join(', ');
      throw new LimitError(`There is no limit ${JSON.stringify(name)}. Use: ${known}.`);
    }
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new LimitError(
        `The limit ${name} cannot be ${JSON.stringify(value)}. Use a whole number, or 0 for none.`,
      );
    }
    const { least = 0 } = definition;
    if (value > 0 && value < least) {
      throw new LimitError(
        `The limit ${name} cannot be ${value}, for clients bring up to ${least}. Use ${least} or more, or 0 for none.`,
      );
    }
    limits.set(name, value || Number.POSITIVE_INFINITY);
  }
  // The names are those of the table.
  return Object.fromEntries(limits) as Limits;
}
