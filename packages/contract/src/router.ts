import type {
  TRPCBuiltRouter,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server';

import type { Occurrence } from './occurrence.ts';

// Under a name of their own the compiler knows that these are the same for all events, and makes none anew for each.
interface SendEventShape {
  data: unknown;
  reply: unknown;
  errors: object;
}

interface ListenEventShape {
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
  code: TRPCDefaultErrorShape['code'];
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

type Listened<Name extends string, Event extends ListenEventShape> = Event['durable'] extends true
  ? TrackedOccurrence<Name, Event['data']>
  : Occurrence<Name, Event['data']>;

/** The type of the tRPC router that serves a contract: a mutation per sendable event, a subscription per listenable one. */
export type EventRouterOf<
  Send extends SendEventsShape<Send>,
  Listen extends ListenEventsShape<Listen>,
> = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: WireErrorShape; transformer: true },
  {
    send: {
      [Name in keyof Send & string]: TRPCMutationProcedure<{
        input: SendInput<Send[Name]['data']>;
        output: Replied<Send[Name]['reply']>;
        meta: object;
      }>;
    };
    listen: {
      [Name in keyof Listen & string]: TRPCSubscriptionProcedure<{
        input: ListenInput;
        output: AsyncIterable<Listened<Name, Listen[Name]>, void, unknown>;
        meta: object;
      }>;
    };
  }
>;
