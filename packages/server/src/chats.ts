import { isDeepStrictEqual } from 'node:util';

import type { Actor } from '@parley/contract';

import { topicsOf, topicsOfMember } from './access/audience.ts';
import type { Algorithm } from './chat/algorithms/algorithm.ts';
import { nextDeadline, noteAbsences } from './chat/deadlines.ts';
import type { Decision, Pick } from './chat/decision.ts';
import { memberOf } from './chat/lifecycle.ts';
import type { AgentState, ChatState, RoomSettings, UserRef } from './chat/state.ts';
import { isNewWant, wantOf } from './chat/wanting.ts';
import type { Environment } from './environment.ts';
import type { Snapshot, Transaction } from './log/log.ts';
import {
  agentsOfRoom,
  lastInvitedIn,
  loadAgent,
  saveAgent,
  saveLastInvited,
} from './tables/agents.ts';
import { saveAssignment, saveInvitation } from './tables/assignments.ts';
import { saveChat } from './tables/chats.ts';

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
  /** A chat of the room may find somebody now who could not be found before. */
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

/** How things were before a decision. */
interface Earlier {
  chat: ChatState | undefined;
  agents: ReadonlyMap<string, AgentState>;
  lastInvited: string | undefined;
}

/** Lets the domain decide about a chat, and writes what was decided: state, occurrences and deadline in one transaction. */
export interface Chats {
  decide<Result>(
    transaction: Transaction,
    occasion: Occasion,
    chat: ChatState,
    options: DecideOptions,
    decide: (decision: Decision) => Result,
  ): Promise<Result>;
  /** Looks at a chat as if to decide about it; nothing of it is kept. */
  consider<Result>(
    snapshot: Snapshot,
    occasion: Occasion,
    chat: ChatState,
    look: (decision: Decision) => Result,
  ): Promise<Result>;
  create<Result>(
    transaction: Transaction,
    occasion: Occasion,
    chat: ChatState,
    decide: (decision: Decision) => Result,
  ): Promise<Result>;
}

export function createChats(options: ChatsOptions): Chats {
  const { environment, algorithms, settingsOf, isOnline, consequences } = options;

  /** The agents of the room, and those concerned without being logged in there. */
  async function agentsConcerned(snapshot: Snapshot, chat: ChatState, agentId?: string) {
    const agents = await agentsOfRoom(snapshot, chat.room, isOnline);
    for (const id of [chat.agentId, chat.invitation?.agentId, agentId]) {
      if (id === undefined || agents.has(id)) continue;
      const agent = await loadAgent(snapshot, id, isOnline);
      if (agent) agents.set(id, agent);
    }
    return agents;
  }

  async function begin(
    snapshot: Snapshot,
    { by, now }: Occasion,
    chat: ChatState,
    { routes, agentId }: DecideOptions,
  ): Promise<Decision> {
    const { room } = chat;
    const agents = routes
      ? await agentsConcerned(snapshot, chat, agentId)
      : new Map<string, AgentState>();
    return {
      chat: structuredClone(chat),
      agents,
      lastInvited: routes ? await lastInvitedIn(snapshot, room) : undefined,
      assignments: new Set(),
      invitations: new Set(),
      occurrences: [],
      picks: [],
      by,
      now,
      random: environment.random,
      settings: settingsOf(room),
      algorithms,
    };
  }

  async function run<Result>(
    transaction: Transaction,
    occasion: Occasion,
    before: ChatState | undefined,
    decision: Decision,
    decide: (decision: Decision) => Result,
  ): Promise<Result> {
    const earlier: Earlier = {
      chat: before,
      agents: structuredClone(decision.agents),
      lastInvited: decision.lastInvited,
    };
    const result = decide(decision);
    noteAbsences(decision, isOnline);
    const dueAt = nextDeadline(decision.chat, settingsOf(decision.chat.room));
    await write(transaction, earlier, decision, dueAt);
    await publish(transaction, occasion, earlier, decision);
    transaction.afterCommit(() => follow(earlier, decision, dueAt));
    return result;
  }

  /** What happens outside the transaction because of it. */
  function follow(
    { chat: before, agents: agentsBefore }: Earlier,
    decision: Decision,
    dueAt?: number,
  ) {
    const { chat, agents, picks } = decision;
    if (before?.room !== chat.room || before.status !== chat.status) {
      new Set([before?.room ?? chat.room, chat.room]).forEach(consequences.queueChanged);
    }
    for (const { userId: id, name, role } of before?.members ?? []) {
      if (!memberOf(chat, id)) consequences.memberLeft(chat.id, { id, name, role });
    }
    if (chat.status === 'closed') consequences.chatClosed(chat.id);
    if (dueAt !== undefined) consequences.deadlineSet(dueAt);
    for (const pick of picks) consequences.pickAwaited(chat.id, pick);
    const woken = new Set<string>();
    if (isNewWant(before && wantOf(before), wantOf(chat))) woken.add(chat.room);
    for (const [id, { load, rooms }] of agents) {
      if (load < (agentsBefore.get(id)?.load ?? 0)) rooms.forEach((room) => woken.add(room));
    }
    woken.forEach(consequences.roomWoken);
  }

  return {
    async decide(transaction, occasion, chat, deciding, decide) {
      const decision = await begin(transaction, occasion, chat, deciding);
      return run(transaction, occasion, chat, decision, decide);
    },
    async create(transaction, occasion, chat, decide) {
      const routes = settingsOf(chat.room).assignOnCreate;
      const decision = await begin(transaction, occasion, chat, { routes });
      return run(transaction, occasion, undefined, decision, decide);
    },
    consider: async (snapshot, occasion, chat, look) =>
      look(await begin(snapshot, occasion, chat, { routes: true })),
  };
}

/** Writes what is another than before. */
async function write(
  transaction: Transaction,
  earlier: Earlier,
  { chat, agents, lastInvited, assignments, invitations }: Decision,
  dueAt: number | undefined,
) {
  const { chat: before } = earlier;
  await saveChat(transaction, before, chat, dueAt);
  for (const assignment of changed(before?.assignment, chat.assignment, assignments)) {
    await saveAssignment(transaction, assignment);
  }
  for (const invitation of changed(before?.invitation, chat.invitation, invitations)) {
    await saveInvitation(transaction, invitation);
  }
  for (const [id, agent] of agents) {
    const agentBefore = earlier.agents.get(id);
    if (!agentBefore || !isSameAgent(agent, agentBefore)) await saveAgent(transaction, agent);
  }
  if (lastInvited !== undefined && lastInvited !== earlier.lastInvited) {
    await saveLastInvited(transaction, chat.room, lastInvited);
  }
}

/** Tells what happened; who joined hears it from here on, and who left hears it last. */
async function publish(
  transaction: Transaction,
  { by, now: at, cause }: Occasion,
  { chat: before }: Earlier,
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
    await transaction.append({ name, durable, chatId, seq, at, by, cause, data, topics });
  }
  for (const { userId, role } of before?.members ?? []) {
    if (!memberOf(chat, userId)) transaction.revoke(userId, topicsOfMember(chat.id, role));
  }
}

/** What has to be written: those that ended here, and the current one unless it is as it was. */
function changed<Item>(before: Item | undefined, current: Item | undefined, ended: Set<Item>) {
  const items = new Set(ended);
  if (current && !isDeepStrictEqual(current, before)) items.add(current);
  return items;
}

/** Whether what is stored of an agent is the same; load and connection are not stored. */
function isSameAgent(left: AgentState, right: AgentState): boolean {
  return (
    left.status === right.status &&
    left.reason === right.reason &&
    left.misses === right.misses &&
    left.lastInvitedAt === right.lastInvitedAt &&
    left.lastClosedAt === right.lastClosedAt &&
    left.availableSince === right.availableSince
  );
}
