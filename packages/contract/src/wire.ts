import type { Occurrence } from './occurrence.ts';

export type { Actor, Occurrence } from './occurrence.ts';

// Under a name of their own the compiler knows that these are the same for all events, and makes none anew for each.
interface SendEventShape {
  data: unknown;
  reply: unknown;
  errors: object;
}

export interface ListenEventShape {
  data: unknown;
  durable: boolean;
}

/** What the generated `SendEvents` of any contract look like. */
export type SendEventsShape<Events> = {
  [Name in keyof Events]: SendEventShape;
};

/** What the generated `ListenEvents` of any contract look like. */
export type ListenEventsShape<Events> = {
  [Name in keyof Events]: ListenEventShape;
};

/** A reply on the wire. `replayed` marks the stored first reply to a send that was repeated under its key. */
export type Replied<Reply> = string extends keyof Reply
  ? { replayed?: true }
  : Reply & { replayed?: true };

/** The input of a `send.<event>` mutation. */
export interface SendInput<Data> {
  data: Data;
  /** Makes a repeated send have one effect; at most 64 characters, new for each send. */
  key?: string | undefined;
}

/** The input of a `listen.<event>` subscription. */
export interface ListenInput {
  /** Start after this position; `'0'` is the beginning of what the user may see. Without one it starts live. */
  lastEventId?: string | null | undefined;
  /** Only what belongs to this chat. */
  chatId?: string | undefined;
}

/** The error shape on the wire; `data.code` is a Parley code. */
export interface WireErrorShape {
  message: string;
  /** JSON-RPC's, in which tRPC has its own. */
  code: number;
  data: {
    code: string;
    retryable: boolean;
    retryAfterMs?: number;
    /** Finds the failure in the server's log; missing in a refusal in brief. */
    errorId?: string;
    details?: unknown;
  };
}

/** A durable occurrence as tRPC's client gets it; the id is its position, to resume from. */
export interface TrackedOccurrence<Name extends string = string, Data = unknown> {
  id: string;
  data: Occurrence<Name, Data>;
}
