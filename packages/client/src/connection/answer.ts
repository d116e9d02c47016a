import type { WireErrorShape } from '@parley/contract/wire';
import type { SuperJSONResult } from 'superjson';

import type { DeprecatedUse } from '../status.ts';
import { transformer } from '../transformer.ts';

/** A message of the server's, as `JSON.parse` gives it. */
export type Message =
  | Answer
  | Notice
  /** How far the subscriptions have come. */
  | { id: null; method: 'positions'; params: readonly Progress[] };

/** What the server says to the connection as a whole. */
export type Notice =
  /** The client is to go to another connection. */
  | { id: null; method: 'reconnect' }
  /** The client has used what is on its way out. */
  | { id: null; method: 'deprecated'; params: readonly DeprecatedUse[] };

/** What is said to a call. */
interface Answer {
  method?: undefined;
  /** Of the call; null when it is about the whole connection. */
  id: number | null;
  result?: Started | { type: 'stopped' } | Data;
  /** In place of a result: a reply, or one answer of a subscription, of nothing but JSON and Dates. */
  data?: unknown;
  /** The paths of those Dates, parted by spaces. */
  dates?: string;
  error?: SuperJSONResult;
}

/** A subscription has begun; one of what is durable after this position. */
export interface Started {
  type: 'started';
  position?: string;
}

/** Of a subscription: its id, the position of its last answer, and the one up to which there is nothing more for it. */
type Progress = readonly [id: number, last: string, upTo: string];

/** A reply, or one answer of a subscription. With an `id` from where the subscription can go on, it is within `data`. */
interface Data {
  type?: 'data';
  data: SuperJSONResult;
  id?: string | undefined;
}

/** A reply, or one answer of a subscription. */
export function valueIn({ data, id }: Data): unknown {
  const value = transformer.deserialize(data);
  const tracked = id !== undefined && typeof value === 'object' && value !== null;
  return tracked && 'data' in value ? value.data : value;
}

/** The server refused a call. */
export class Refused extends Error {
  readonly shape: WireErrorShape;

  constructor(shape: WireErrorShape) {
    super(shape.message);
    this.shape = shape;
  }
}

/** The connection was lost before there was an answer. */
export class ConnectionLost extends Error {
  /** Whether the call had been handed to the socket, so that the server may have run it. */
  readonly handed: boolean;

  constructor(handed: boolean) {
    super('The connection was lost.');
    this.handed = handed;
  }
}

/** The answer was not understood; the server may have run the call. */
export class Unreadable extends Error {
  constructor(cause: unknown) {
    super('The answer of the server cannot be read.', { cause });
  }
}
