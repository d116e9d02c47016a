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

/** Loads a chat, lets the domain decide about it, and writes what was decided: state, occurrences and deadline in one transaction. */
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
    const agentsBefore = structuredClone(decision.agents);
    const { lastInvited } = decision;
    const result = decide(decision);
    noteAbsences(decision, isOnline);
    await save(transaction, occasion, before, agentsBefore, decision);
    if (decision.lastInvited !== undefined && decision.lastInvited !== lastInvited) {
      await saveLastInvited(transaction, decision.chat.room, decision.lastInvited);
    }
    return result;
  }

  async function save(
    transaction: Transaction,
    occasion: Occasion,
    before: ChatState | undefined,
    agentsBefore: ReadonlyMap<string, AgentState>,
    decision: Decision,
  ) {
    const { chat, agents } = decision;
    const dueAt = nextDeadline(chat, settingsOf(chat.room));
    await saveChat(transaction, before, chat, dueAt);
    for (const assignment of changed(before?.assignment, chat.assignment, decision.assignments)) {
      await saveAssignment(transaction, assignment);
    }
    for (const invitation of changed(before?.invitation, chat.invitation, decision.invitations)) {
      await saveInvitation(transaction, invitation);
    }
    for (const [id, agent] of agents) {
      const earlier = agentsBefore.get(id);
      if (!earlier || !isSameAgent(agent, earlier)) await saveAgent(transaction, agent);
    }
    const { by, now: at, cause } = occasion;
    for (const { userId, role } of chat.members) {
      if (!before || !memberOf(before, userId)) {
        transaction.grant(userId, topicsOfMember(chat.id, role));
      }
    }
    for (const { event, data, to, chatId, seq } of decision.occurrences) {
      const { name, listen } = event;
      const topics = topicsOf(to);
      await transaction.append({
        name,
        durable: listen.durable,
        chatId,
        seq,
        at,
        by,
        cause,
        data,
        topics,
      });
    }
    for (const { userId, role } of before?.members ?? []) {
      if (!memberOf(chat, userId)) transaction.revoke(userId, topicsOfMember(chat.id, role));
    }
    transaction.afterCommit(() => {
      const moved = before?.room !== chat.room || before.status !== chat.status;
      if (moved)
        for (const room of new Set([before?.room ?? chat.room, chat.room]))
          consequences.queueChanged(room);
      for (const { userId: id, name, role } of before?.members ?? []) {
        if (!memberOf(chat, id)) consequences.memberLeft(chat.id, { id, name, role });
      }
      if (chat.status === 'closed') consequences.chatClosed(chat.id);
      if (dueAt !== undefined) consequences.deadlineSet(dueAt);
      for (const pick of decision.picks) consequences.pickAwaited(chat.id, pick);
      const woken = new Set<string>();
      if (isNewWant(before && wantOf(before), wantOf(chat))) woken.add(chat.room);
      for (const [id, { load, rooms }] of agents) {
        if (load < (agentsBefore.get(id)?.load ?? 0)) rooms.forEach((room) => woken.add(room));
      }
      woken.forEach(consequences.roomWoken);
    });
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
