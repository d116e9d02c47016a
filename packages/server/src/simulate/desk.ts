import type { Actor, Occurrence } from '@parley/contract';
import agentsStatus from '@parley/contract/events/agents-status';
import usersPresence from '@parley/contract/events/users-presence';

import { setStatus } from '../chat/agents.ts';
import type { Algorithm } from '../chat/algorithms/algorithm.ts';
import { settlePick, startAssignment } from '../chat/assignment.ts';
import { meetDeadlines, nextDeadline, notePresence } from '../chat/deadlines.ts';
import type { Decision, Pick } from '../chat/decision.ts';
import { newChat, openChat } from '../chat/lifecycle.ts';
import type { AgentState, ChatState, RoomSettings } from '../chat/state.ts';
import { viewAgent } from '../chat/views.ts';
import { isNewWant, retryAssignment, wantOf } from '../chat/wanting.ts';
import { createId, type Random } from '../environment.ts';
import type { Agenda } from './agenda.ts';
import type { Arrival } from './arrivals.ts';
import { createQueue, type Queue } from './queue.ts';

/**
 * Chats and agents in memory, decided about by the server's own domain. It does what `chats.ts` and the caretaker do
 * around the domain: keep the state, meet deadlines, and try again for waiting chats when an agent is free.
 */
export interface Desk {
  /** Opens a chat in a room that assigns at once. */
  open(arrival: Arrival): ChatState;
  decide(chat: ChatState, by: Actor, what: (decision: Decision) => void): void;
  /** The customer's last connection is gone. */
  loseCustomer(chat: ChatState): void;
  /** The agent is back after having been set away. */
  welcomeBack(agent: AgentState): void;
  /** Waits until slow algorithms have picked, which takes no virtual time. */
  settlePicks(): Promise<void>;
}

export interface DeskOptions {
  agenda: Agenda;
  random: Random;
  algorithms: ReadonlyMap<string, Algorithm>;
  settings: RoomSettings;
  agents: readonly AgentState[];
  onDecision(decision: Decision): void;
  /** Hears what a supervisor of a real server hears. */
  onOccurrence?: ((occurrence: Occurrence) => void) | undefined;
}

const system: Actor = { id: 'system' };

export function createDesk(options: DeskOptions): Desk {
  const { agenda, random, algorithms, settings, onDecision, onOccurrence } = options;
  const staff = staffOfRooms(options.agents);
  const queues = new Map<string, Queue>();
  /** The deadlines in the agenda, by chat. */
  const deadlines = new Map<string, number>();
  /** The newest chat that each customer has had with an agent. */
  const previousChats = new Map<string, ChatState>();
  /** Who was invited last, by room. */
  const lastInvited = new Map<string, string>();
  /** What slow algorithms are thinking about. */
  const picks: { chat: ChatState; pick: Pick }[] = [];
  /** Rooms whose waiting chats are tried again once all that is due now is done. */
  const waking = new Set<string>();

  function decide(chat: ChatState, by: Actor, what: (decision: Decision) => void) {
    const agents = staff.get(chat.room) ?? new Map<string, AgentState>();
    const wanted = wantOf(chat);
    const loads = Array.from(agents.values(), ({ load }) => load);
    const decision: Decision = {
      chat,
      agents,
      lastInvited: lastInvited.get(chat.room),
      assignments: [],
      invitations: [],
      occurrences: [],
      picks: [],
      by,
      now: agenda.now,
      random,
      settings,
      algorithms,
    };
    what(decision);
    if (decision.lastInvited !== undefined) lastInvited.set(chat.room, decision.lastInvited);
    keepDeadline(chat);
    queueOf(chat.room).keep(chat);
    const previous = previousChats.get(chat.customerId);
    if (chat.agentId !== undefined && chat.createdAt >= (previous?.createdAt ?? 0)) {
      previousChats.set(chat.customerId, chat);
    }
    for (const pick of decision.picks) picks.push({ chat, pick });
    for (const { event, data, chatId } of decision.occurrences) tell(event.name, by, data, chatId);
    onDecision(decision);
    const freed = [...agents.values()].filter(({ load }, index) => load < (loads[index] ?? 0));
    for (const { rooms } of freed) rooms.forEach(wakeRoom);
    if (isNewWant(wanted, wantOf(chat))) wakeRoom(chat.room);
  }

  function keepDeadline(chat: ChatState) {
    const dueAt = nextDeadline(chat, settings);
    if (dueAt === deadlines.get(chat.id)) return;
    deadlines.delete(chat.id);
    if (dueAt === undefined) return;
    deadlines.set(chat.id, dueAt);
    agenda.at(dueAt, () => {
      if (deadlines.get(chat.id) !== dueAt) return;
      deadlines.delete(chat.id);
      decide(chat, system, meetDeadlines);
    });
  }

  function wakeRoom(room: string) {
    if (waking.has(room)) return;
    waking.add(room);
    agenda.after(0, () => {
      waking.delete(room);
      for (const chat of queueOf(room).chats()) {
        if (freePlaces(room) <= 0) return;
        decide(chat, system, retryAssignment);
      }
    });
  }

  /** How many chats the agents of a room can take now, beside those that a slow algorithm is finding somebody for. */
  function freePlaces(room: string): number {
    const present = [...(staff.get(room)?.values() ?? [])].filter(
      ({ connected, status }) => connected && status === 'available',
    );
    const thinking = picks.filter(({ chat }) => chat.room === room).length;
    return present.reduce((sum, { capacity, load }) => sum + capacity - load, -thinking);
  }

  function queueOf(room: string): Queue {
    const known = queues.get(room) ?? createQueue();
    queues.set(room, known);
    return known;
  }

  function tell(name: string, by: Actor, data: unknown, chatId?: string) {
    const at = new Date(agenda.now);
    onOccurrence?.(chatId === undefined ? { name, at, by, data } : { name, chatId, at, by, data });
  }

  return {
    open({ room, source, lang, customerId }) {
      const id = createId('c', random);
      const customer = { id: customerId, role: 'customer' } as const;
      const previousAgentId = previousChats.get(customerId)?.agentId;
      const chat = newChat({ id, room, source, lang, customer, previousAgentId, now: agenda.now });
      decide(chat, customer, (decision) => {
        openChat(decision);
        startAssignment(decision);
      });
      return chat;
    },
    decide,
    loseCustomer(chat) {
      const { customerId: userId } = chat;
      const by: Actor = { id: userId, role: 'customer' };
      const lastSeenAt = new Date(agenda.now);
      tell(usersPresence.name, by, { userId, online: false, lastSeenAt }, chat.id);
      decide(chat, by, (decision) => notePresence(decision, userId, false));
    },
    welcomeBack(agent) {
      setStatus(agent, 'available', undefined, agenda.now);
      tell(agentsStatus.name, { id: agent.id, role: 'agent' }, { agent: viewAgent(agent) });
      agent.rooms.forEach(wakeRoom);
    },
    async settlePicks() {
      for (let next = picks.shift(); next; next = picks.shift()) {
        const { chat, pick } = next;
        const agentId = await pick.picked.then(
          ({ id }) => id,
          () => undefined,
        );
        decide(chat, system, (decision) => settlePick(decision, pick, agentId));
      }
    },
  };
}

/** Everybody logged in to a room, by id and in the order of ids, as a store gives them. */
function staffOfRooms(agents: readonly AgentState[]): Map<string, Map<string, AgentState>> {
  const rooms = new Set(agents.flatMap((agent) => agent.rooms));
  const ordered = agents.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const staffOf = (room: string) => ordered.filter((agent) => agent.rooms.includes(room));
  return new Map(
    Array.from(rooms, (room) => [room, new Map(staffOf(room).map((agent) => [agent.id, agent]))]),
  );
}
