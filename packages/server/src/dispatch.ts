import { commonErrors, type ListenableEvent } from '@parley/contract';

import { hearsEverything, topicsOf } from './access/audience.ts';
import { isExpelled } from './access/revocation.ts';
import { extendSession } from './access/extend-session.ts';
import { maySeeChat } from './access/seeing.ts';
import type { Session } from './access/session.ts';
import type { Sessions } from './access/sessions.ts';
import type { Algorithm } from './chat/algorithms/algorithm.ts';
import type { Address } from './chat/decision.ts';
import type { RoomSettings } from './chat/state.ts';
import type { Chats, Occasion } from './chats.ts';
import { compact } from './compact.ts';
import type { Handler, HandlerContext, PublishOptions, SessionChats } from './define-handler.ts';
import type { Environment } from './environment.ts';
import { decodeEncoded, type Encoded } from './encoding/encoded.ts';
import { EventError } from './event-error.ts';
import type { Activity } from './live/activity.ts';
import type { Focus } from './live/focus.ts';
import type { Presence } from './live/presence.ts';
import type { Log, Transaction } from './log/log.ts';
import { loadChat, nextSeq } from './tables/chats.ts';
import { hashOf } from './tables/hash.ts';
import { loadUser } from './tables/users.ts';

/** What handlers work with, whoever sends. */
export interface Workings {
  log: Log;
  sessions: Sessions;
  chats: Chats;
  presence: Presence;
  activity: Activity;
  focus: Focus;
  environment: Environment;
  algorithms: ReadonlyMap<string, Algorithm>;
  settingsOf(room: string): RoomSettings;
  stirRoom(room: string): void;
  wakeRoom(room: string): void;
}

export interface Send {
  /** Checked by the event's schema. */
  data: unknown;
  key?: string | undefined;
}

/** What a sender gets; written already where it was kept for the key. */
export interface Answer {
  reply: unknown;
  encoded?: Encoded;
}

/**
 * Runs a handler for a send and gives the reply once what it did is on stable storage. A key that was used before
 * gives its first reply again, marked `replayed`, and does nothing else.
 */
export async function dispatch(
  workings: Workings,
  handler: Handler,
  { data, key }: Send,
  session: Session,
): Promise<Answer> {
  const { event } = handler;
  const { log, environment } = workings;
  const effect = event.send.effect ?? 'durable';
  const work = async (transaction: Transaction) => {
    if (isExpelled(transaction, session)) throw new EventError('UNAUTHORIZED');
    try {
      return compact(
        await handler.handle(contextOf(workings, transaction, session, { data, key })),
      );
    } catch (error) {
      throw declared(handler, error);
    }
  };
  if (effect !== 'durable') {
    const outcome = await log.read(work);
    return { reply: typeof outcome === 'function' ? compact(await outcome()) : outcome };
  }
  if (key === undefined) return { reply: await log.commit(work) };

  const sendKey = { actor: session.user.id, event: event.name, key };
  const fingerprint = fingerprintOf(data);
  return log.commit(async (transaction) => {
    const known = await log.replies.find(transaction, sendKey);
    if (known) {
      if (known.fingerprint !== fingerprint) throw new EventError('IDEMPOTENCY_CONFLICT');
      return { reply: { ...Object(decodeEncoded(known.reply)), replayed: true } };
    }
    const reply = await work(transaction);
    const first = { fingerprint, reply };
    const encoded = log.replies.keep(transaction, sendKey, first, environment.now());
    return { reply, encoded };
  });
}

/** What tells the data of one send from another's of the same sender under the same key; it guards against mistakes only. */
function fingerprintOf(data: unknown): number {
  return hashOf(JSON.stringify(data));
}

/** What one send's handler gets: everything bound to its transaction and its sender. */
function contextOf(
  workings: Workings,
  transaction: Transaction,
  session: Session,
  { data, key }: Send,
): HandlerContext {
  const { environment, presence, activity, focus, algorithms, settingsOf } = workings;
  const { user, role } = session;
  const now = environment.now();
  const occasion: Occasion = { by: { id: user.id, role }, now, cause: key };
  return {
    data,
    session,
    now,
    transaction,
    presence,
    activity,
    focus,
    environment,
    algorithms,
    settingsOf,
    async refreshSession(token) {
      extendSession(session, await workings.sessions.of(token));
      return session.expiresAt;
    },
    wakeRoom(room) {
      workings.stirRoom(room);
      transaction.afterCommit(() => workings.wakeRoom(room));
    },
    chats: sessionChats(workings, transaction, session, occasion),
    async actingUser(userId) {
      if (userId === undefined || userId === user.id) return user;
      if (!hearsEverything(role)) throw new EventError('FORBIDDEN');
      return (await loadUser(transaction, userId)) ?? { id: userId, role: 'customer' };
    },
    publish: (event, published, to, options) =>
      publish(transaction, occasion, event, published, to, options),
  };
}

function sessionChats(
  { chats }: Workings,
  transaction: Transaction,
  session: Session,
  occasion: Occasion,
): SessionChats {
  const load = async (chatId: string) => {
    const chat = await loadChat(transaction, chatId);
    if (!chat) throw new EventError('NOT_FOUND');
    const maySee = maySeeChat(transaction, session, chat);
    if (maySee !== true && !(await maySee)) throw new EventError('NOT_FOUND');
    return chat;
  };
  return {
    load,
    change: async (chatId, decide) =>
      chats.decide(transaction, occasion, await load(chatId), { routes: false }, decide),
    route: async (chatId, decide, agentId) =>
      chats.decide(transaction, occasion, await load(chatId), { routes: true, agentId }, decide),
    consider: (chat, look) => chats.consider(transaction, occasion, chat, look),
    create: (chat, decide) => chats.create(transaction, occasion, chat, decide),
  };
}

async function publish(
  transaction: Transaction,
  { by, now: at, cause }: Occasion,
  { name, listen: { durable } }: ListenableEvent,
  data: unknown,
  to: Address,
  { chatId }: PublishOptions = {},
) {
  const seq = durable && chatId !== undefined ? await nextSeq(transaction, chatId) : undefined;
  const topics = topicsOf(to);
  transaction.append({ name, durable, chatId, seq, at, by, cause, data, topics });
}

/** A refusal the contract knows stays what it is; anything else is a fault of the handler. */
function declared({ event }: Handler, error: unknown): unknown {
  if (!(error instanceof EventError) || Object.hasOwn(commonErrors, error.code)) return error;
  const codes = event.send.errors.map((each) => (typeof each === 'string' ? each : each.code));
  if (codes.includes(error.code)) return error;
  const message = `The handler of ${event.name} refused with ${error.code}, which the event does not declare.`;
  return new Error(message, { cause: error });
}
