import type { Role } from './roles.ts';

/** Who made something happen: a user, or the server itself. */
export type Actor = { id: string; role: Role } | { id: 'system' };

/** One instance of a listenable event, as its listeners get it. */
export interface Occurrence<Name extends string = string, Data = unknown> {
  name: Name;
  /** Place in the whole log; only durable occurrences have one. */
  position?: number;
  /** Place within the chat: 1, 2, 3 …; only durable occurrences of a chat have one. */
  seq?: number;
  chatId?: string;
  at: Date;
  by: Actor;
  data: Data;
  /** The key of the send that caused it; only the sender's own connections get it. */
  cause?: string;
}
