import type { Actor } from '@parley/contract';

import { topicsOf, topicsOfMember } from './access/audience.ts';
import type { Algorithm } from './chat/algorithms/algorithm.ts';
import { nextDeadline, noteAbsences } from './chat/deadlines.ts';
import type { Decision, Pick } from './chat/decision.ts';
import { memberOf } from './chat/lifecycle.ts';
import { type ChatState, copyChat, type RoomSettings, type UserRef } from './chat/state.ts';
import { isNewWant, wantOf } from './chat/wanting.ts';
import type { Environment } from './environment.ts';
import type { Snapshot, Transaction } from './log/log.ts';
import { agentsOfRoom, lastInvitedIn, loadAgent } from './tables/agents.ts';
import { type KeptChat, saveChat } from './tables/chats.ts';
import { copyAgents, type Earlier, saveRouting } from './tables/routing.ts';

/** On whose behalf, when and why a decision is made. */
export interface Occasion {
  by: Actor;
  now: number;
  /** The key of the send behind it. */
  cause?: string | undefined;
}

export interface DecideOptions {
  /** Load the agents of the room, for decisions that route. */
  routes: boolean;
  /** An agent beside them whom the decision is about. */
  agentId?: string | undefined;
}

/** What follows a decision outside the transaction. */
export interface Consequences {
  /** The queue of a room may have changed. */
  queueChanged(room: string): void;
  /** A chat of the room may find somebody who could not be found before. Told at once, and again when it is committed. */
  roomStirred(room: string): void;
  roomWoken(room: string): void;
  chatClosed(chatId: string): void;
  memberLeft(chatId: string, user: UserRef): void;
  /** A slow algorithm is thinking about whom to invite. */
  pickAwaited(chatId: string, pick: Pick): void;
  /** The chat's next deadline is this. */
  deadlineSet(at: number): void;
}

export interface ChatsOptions {
  environment: Environment;
  algorithms: ReadonlyMap<string, Algorithm>;
  settingsOf(room: string): RoomSettings;
  isOnline(userId: string): boolean;
  consequences: Consequences;
}

/** Lets the domain decide about a chat, and writes what was decided: state, occurrences and deadline in one transaction. */
export interface Chats {
  decide<Result>(
    transaction: Transaction,
    occasion: Occasion,
    chat: Readonly<ChatState>,
    options: DecideOptions,
    decide: (decision: Decision) => Result,
  ): Promise<Result>;
  /** Looks at a chat as if to decide about it; nothing of it is kept. */
  consider<Result>(
    snapshot: Snapshot,
    occasion: Occasion,
    chat: Readonly<ChatState>,
    look: (decision: Decision) => Result,
  ): Promise<Result>;
  create<Result>(
    transaction: Transaction,
    occasion: Occasion,
    chat: Readonly<ChatState>,
    decide: (decision: Decision) => Result,
  ): Promise<Result>;
}

export function createChats(options: ChatsOptions): Chats {
  const { environment, algorithms, settingsOf, isOnline, consequences } = options;

  /** The agents of the room, and those concerned without being logged in there. */
  async function agentsConcerned(snapshot: Snapshot, chat: Readonly<ChatState>, agentId?: string) {
    const agents = await agentsOfRoom(snapshot, chat.room, isOnline);
    for (const id of [chat.agentId, chat.invitation?.agentId, agentId]) {
      if (id === undefined || agents.has(id)) continue;
      const agent = await loadAgent(snapshot, id, isOnline);
      if (agent) agents.set(id, agent);
    }
    return agents;
  }

  function begin({ by, now }: Occasion, chat: Readonly<ChatState>): Decision {
    return {
      chat: copyChat(chat),
      agents: new Map(),
      lastInvited: undefined,
      assignments: [],
      invitations: [],
      occurrences: [],
      picks: [],
      by,
      now,
      random: environment.random,
      settings: settingsOf(chat.room),
      algorithms,
    };
  }

  /** The same with the agents at hand. */
  async function beginRouting(
    snapshot: Snapshot,
    occasion: Occasion,
    chat: Readonly<ChatState>,
    agentId?: string,
  ): Promise<Decision> {
    const agents = await agentsConcerned(snapshot, chat, agentId);
    const lastInvited = await lastInvitedIn(snapshot, chat.room);
    return { ...begin(occasion, chat), agents, lastInvited };
  }

  function keep(chat: Readonly<ChatState>): KeptChat {
    return { chat, dueAt: nextDeadline(chat, settingsOf(chat.room)) };
  }

  function run<Result>(
    transaction: Transaction,
    occasion: Occasion,
    before: Readonly<ChatState> | undefined,
    decision: Decision,
    decide: (decision: Decision) => Result,
  ): Result {
    const earlier: Earlier = {
      kept: before && keep(before),
      agents: copyAgents(decision.agents),
      lastInvited: decision.lastInvited,
    };
    const result = decide(decision);
    noteAbsences(decision, isOnline);
    const kept = keep(decision.chat);
    saveChat(transaction, earlier.kept, kept);
    saveRouting(transaction, earlier, decision);
    publish(transaction, occasion, before, decision);
    const woken = roomsWoken(earlier, decision);
    woken.forEach(consequences.roomStirred);
    transaction.afterCommit(() => {
      follow(earlier, decision, kept);
      woken.forEach(consequences.roomWoken);
    });
    return result;
  }

  /** What happens outside the transaction because of it. */
  function follow({ kept }: Earlier, { chat, picks }: Decision, { dueAt }: KeptChat) {
    const before = kept?.chat;
    if (before?.room !== chat.room || before.status !== chat.status) {
      new Set([before?.room ?? chat.room, chat.room]).forEach(consequences.queueChanged);
    }
    for (const { userId: id, name, role } of before?.members ?? []) {
      if (!memberOf(chat, id)) consequences.memberLeft(chat.id, { id, name, role });
    }
    if (chat.status === 'closed') consequences.chatClosed(chat.id);
    if (dueAt !== undefined) consequences.deadlineSet(dueAt);
    for (const pick of picks) consequences.pickAwaited(chat.id, pick);
  }

  return {
    async decide(transaction, occasion, chat, { routes, agentId }, decide) {
      const decision = routes
        ? await beginRouting(transaction, occasion, chat, agentId)
        : begin(occasion, chat);
      return run(transaction, occasion, chat, decision, decide);
    },
    async create(transaction, occasion, chat, decide) {
      const decision = settingsOf(chat.room).assignOnCreate
        ? await beginRouting(transaction, occasion, chat)
        : begin(occasion, chat);
      return run(transaction, occasion, undefined, decision, decide);
    },
    consider: async (snapshot, occasion, chat, look) =>
      look(await beginRouting(snapshot, occasion, chat)),
  };
}

/** The rooms where a chat may find somebody now who could not be found before. */
function roomsWoken(earlier: Earlier, { chat, agents }: Decision): readonly string[] {
  const before = earlier.kept?.chat;
  const woken: string[] = [];
  if (isNewWant(before && wantOf(before), wantOf(chat))) woken.push(chat.room);
  if (before && isThoughtOver(before, chat)) woken.push(before.room);
  for (const [id, { load, rooms }] of agents) {
    if (load < (earlier.agents.get(id)?.load ?? 0)) woken.push(...rooms);
  }
  return woken.length > 1 ? [...new Set(woken)] : woken;
}

/** Whether a place that was kept while a slow algorithm thought is free again. */
function isThoughtOver(
  before: Readonly<ChatState>,
  { assignment, invitation }: ChatState,
): boolean {
  return before.assignment?.pickBy !== undefined && assignment?.pickBy === undefined && !invitation;
}

/** Tells what happened; who joined hears it from here on, and who left hears it last. */
function publish(
  transaction: Transaction,
  { by, now: at, cause }: Occasion,
  before: Readonly<ChatState> | undefined,
  { chat, occurrences }: Decision,
) {
  for (const { userId, role } of chat.members) {
    const isNew = !before || !memberOf(before, userId);
    if (isNew) transaction.grant(userId, topicsOfMember(chat.id, role));
  }
  for (const { event, data, to, chatId, seq } of occurrences) {
    const { name, listen } = event;
    const { durable } = listen;
    const topics = topicsOf(to);
    transaction.append({ name, durable, chatId, seq, at, by, cause, data, topics });
  }
  for (const { userId, role } of before?.members ?? []) {
    if (!memberOf(chat, userId)) transaction.revoke(userId, topicsOfMember(chat.id, role));
  }
}
