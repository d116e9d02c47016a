import type * as z from 'zod';

import type { DeclarableErrorCode, ErrorDefinition } from './errors.ts';
import type { Audience, Role } from './roles.ts';

/** What every schema of zod's is, without its methods: to compare those for each event takes a compiler three times as long. */
type AnySchema = z.core.$ZodType;

/** What a sendable event takes, gives back and may refuse with. */
export interface SendHalf<Data extends AnySchema = AnySchema, Reply extends AnySchema = AnySchema> {
  /** The roles that may send it. */
  readonly by: readonly Role[];
  readonly data: Data;
  readonly reply: Reply;
  /** The codes it can be refused with, beside the common ones: core codes by name, a team's own as `defineError` objects. */
  readonly errors: readonly (DeclarableErrorCode | ErrorDefinition)[];
  /**
   * What sending does: `durable` (default) is committed to the log, once per key; `ephemeral` changes only
   * what the server holds in memory; `none` only reads.
   */
  readonly effect?: 'durable' | 'ephemeral' | 'none';
  /** Whether a client that is offline keeps it and sends it later: where a late effect is still what was meant. */
  readonly queueable?: boolean;
  readonly example: z.input<Data>;
}

/** What listeners of an event hear, and who they are. */
export interface ListenHalf<Data extends AnySchema = AnySchema> {
  /** The audiences an occurrence may be published to; the handler picks among them. */
  readonly audience: readonly Audience[];
  /** Kept in the log with position and seq; otherwise ephemeral: heard live or not at all. */
  readonly durable: boolean;
  readonly data: Data;
  readonly example: z.input<Data>;
}

/** The decision that an event is on its way out. */
export interface Deprecation {
  /** The version that said so first, such as `0.2.0`. */
  readonly since: string;
  /** The event to use instead, when there is one. */
  readonly use?: string | undefined;
}

/** The decision that an event takes the place of one that others still use: of another name, or of its own earlier form. */
export interface Replacement {
  readonly event: string;
  /** The version from which on it does. */
  readonly since: string;
}

/** One kind of event: plain data, without behaviour. */
export interface EventDefinition<
  Name extends string = string,
  Send extends SendHalf | undefined = SendHalf | undefined,
  Listen extends ListenHalf | undefined = ListenHalf | undefined,
> {
  readonly name: Name;
  readonly summary: string;
  readonly send: Send;
  readonly listen: Listen;
  readonly deprecated?: Deprecation | undefined;
  readonly replaces?: Replacement | undefined;
}

/** An event somebody can send. */
export type SendableEvent = EventDefinition<string, SendHalf>;
/** An event somebody can listen to. */
export type ListenableEvent = EventDefinition<string, SendHalf | undefined, ListenHalf>;

type WithSendExample<Send> = Send extends { data: infer Data }
  ? { example: z.input<Data> }
  : unknown;

/**
 * Declares an event. It is sendable, listenable or both; the file is named after it, `chats:join` in `chats-join.ts`.
 * An example that does not fit its schema does not compile.
 */
export function defineEvent<
  const Name extends `${string}:${string}`,
  const Send extends SendHalf | undefined = undefined,
  const Listen extends ListenHalf | undefined = undefined,
>(
  name: Name,
  definition: {
    summary: string;
    send?: Send & WithSendExample<Send>;
    listen?: Listen & WithSendExample<Listen>;
    deprecated?: Deprecation;
    replaces?: Replacement;
  },
): EventDefinition<Name, Send, Listen> {
  const { summary, send, listen, deprecated, replaces } = definition;
  return { name, summary, send: send as Send, listen: listen as Listen, deprecated, replaces };
}
