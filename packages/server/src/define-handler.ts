import type { ListenableEvent, SendableEvent } from '@parley/contract';
import type { SendEvents } from '@parley/contract/types';
import type * as z from 'zod';

import type { Session } from './access/session.ts';
import type { Algorithm } from './chat/algorithms/algorithm.ts';
import type { Address, Decision, ListenData } from './chat/decision.ts';
import type { UserRef } from './chat/state.ts';
import type { ChatState, RoomSettings } from './chat/state.ts';
import type { Environment } from './environment.ts';
import type { Activity } from './live/activity.ts';
import type { Focus } from './live/focus.ts';
import type { Presence } from './live/presence.ts';
import type { Transaction } from './log/log.ts';

/** The chats as the sender may see and change them. What may not be seen is `NOT_FOUND`. */
export interface SessionChats {
  /** A chat as it is, shared with others: only a decision changes it. */
  load(chatId: string): Promise<Readonly<ChatState>>;
  /** Lets the domain decide about one chat and keeps what it decided. */
  change<Result>(chatId: string, decide: (decision: Decision) => Result): Promise<Result>;
  /** The same with the agents of the chat's room at hand, for decisions that invite or free agents; and one more, if named. */
  route<Result>(
    chatId: string,
    decide: (decision: Decision) => Result,
    agentId?: string,
  ): Promise<Result>;
  /** Looks at a chat as if to decide about it; nothing of it is kept. */
  consider<Result>(
    chat: Readonly<ChatState>,
    look: (decision: Decision) => Result,
  ): Promise<Result>;
  create<Result>(chat: ChatState, decide: (decision: Decision) => Result): Promise<Result>;
}

export interface PublishOptions {
  chatId?: string;
}

/** What a handler works with. Everything it writes and publishes is one transaction, together with its reply. */
export interface HandlerContext<Event extends SendableEvent = SendableEvent> {
  data: z.output<Event['send']['data']>;
  session: Session;
  /** Milliseconds since 1970. */
  now: number;
  chats: SessionChats;
  /** The user somebody acts for: oneself unless told; naming another is for supervisors and services. */
  actingUser(userId?: string): Promise<UserRef>;
  /** Publishes an occurrence to some of the event's audiences. */
  publish<Published extends ListenableEvent>(
    event: Published,
    data: ListenData<Published>,
    to: Address<Published['listen']['audience'][number]>,
    options?: PublishOptions,
  ): Promise<void>;
  /** Statements of the same transaction, for tables of one's own: by `run`, so that a refused one fails this send alone. */
  transaction: Transaction;
  /**
   * Lets the session last as long as a newer token, and says until when, in milliseconds since 1970. It reads the log, and so
   * waits for the end of this transaction: call it in what the handler returns.
   */
  refreshSession(token: string): Promise<number>;
  presence: Presence;
  activity: Activity;
  focus: Focus;
  environment: Environment;
  algorithms: ReadonlyMap<string, Algorithm>;
  settingsOf(room: string): RoomSettings;
  /** Starts assignments that wait for an agent of the room, once this transaction is committed. */
  wakeRoom(room: string): void;
}

/** A reply or, where reading is over and something slow remains, how to get it without holding up anybody else. */
export type Outcome<Reply> = Reply | (() => Promise<Reply>);

/** What the server does for one sendable event. */
export interface Handler<Name extends string = string> {
  readonly event: SendableEvent & { readonly name: Name };
  /** Gets data that the event's schema has checked. */
  handle(context: HandlerContext): Promise<unknown>;
}

/** A handler for each sendable event of a contract, given its flat types. */
export type HandlersOf<Send> = { [Name in keyof Send]: Handler<Name & string> };

/** A handler for each sendable event of the core contract. */
export type Handlers = HandlersOf<SendEvents>;

/** Says what the server does when the event is sent. The data has the type of the event's schema, and the reply must fit it. */
export function defineHandler<Event extends SendableEvent>(
  event: Event,
  handle: (context: HandlerContext<Event>) => Promise<Outcome<z.input<Event['send']['reply']>>>,
): Handler<Event['name']> {
  // The dispatcher parses data with this event's schema before it calls, so the context has this event's data.
  return { event, handle: (context) => handle(context as HandlerContext<Event>) };
}
