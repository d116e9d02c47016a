import type { Actor, Audience, ListenableEvent } from '@parley/contract';
import type * as z from 'zod';

import type { Random } from '../environment.ts';
import type { Algorithm } from './algorithms/algorithm.ts';
import type { AgentState, Assignment, ChatState, Invitation, RoomSettings } from './state.ts';

/** Whom an occurrence is for: a chat, its agents, rooms, a user, or the supervisors, each by id or name. */
export type Address<To extends Audience = Audience> = {
  [Key in To]?: string | readonly string[] | undefined;
};

/** An occurrence that is decided but not yet in the log. */
export interface Draft {
  event: ListenableEvent;
  data: unknown;
  to: Address;
  chatId?: string | undefined;
  /** Its place in the chat, when it is durable. */
  seq?: number | undefined;
}

/** A slow algorithm at work for one attempt of an assignment. */
export interface Pick {
  assignmentId: string;
  attempt: number;
  picked: Promise<AgentState>;
}

/**
 * What is being decided about one chat: the state to be, changed in place, and the occurrences that tell of it.
 * It starts from a copy of the stored state; nothing counts before the whole is committed.
 */
export interface Decision {
  chat: ChatState;
  /** The agents of the chat's room, its owner and whoever is invited to it, by id; loaded for decisions that route. */
  agents: Map<string, AgentState>;
  /** Who was invited last to a chat of the room. */
  lastInvited: string | undefined;
  /** Assignments and invitations that end here; the current ones are in the state. */
  assignments: Assignment[];
  invitations: Invitation[];
  occurrences: Draft[];
  /** Picks that slow algorithms are still thinking about. */
  picks: Pick[];
  readonly by: Actor;
  readonly now: number;
  readonly random: Random;
  readonly settings: RoomSettings;
  readonly algorithms: ReadonlyMap<string, Algorithm>;
}

/** The data of an event as its publisher gives it. */
export type ListenData<Event extends ListenableEvent> = z.input<Event['listen']['data']>;

/** Adds an occurrence to the decision, with the next seq when it is durable. */
export function occur<Event extends ListenableEvent>(
  decision: Decision,
  event: Event,
  data: ListenData<Event>,
  to: Address<Event['listen']['audience'][number]>,
): void {
  const { chat } = decision;
  const seq = event.listen.durable ? ++chat.seq : undefined;
  decision.occurrences.push({ event, data, to, chatId: chat.id, seq });
}
