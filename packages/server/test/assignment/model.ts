import type { Definition } from './algorithms.ts';
import type { Invariant, Violation } from './invariants.ts';
import type {
  AssignmentEnd,
  ModelAgent,
  ModelAssignment,
  ModelChat,
  ModelRoom,
} from './model-state.ts';
import type { AssignmentRow } from './observation.ts';
import type { AssignOptions } from './sequence.ts';

export interface ModelOptions {
  rooms: readonly ModelRoom[];
  /** The algorithm that the rooms use, and how it is defined. */
  algorithm: string;
  definition: Definition;
  /** Whether the algorithm takes its time, so that an assignment can begin before anything tells of it. */
  slow: boolean;
  /** The newest position of the log when the sequence begins. */
  position: number;
}

/**
 * What is true of chats, agents and assignments, kept by the test from what users sent and the log told.
 * It shares no code with the server.
 */
export class Model {
  readonly agents = new Map<string, ModelAgent>();
  readonly chats = new Map<string, ModelChat>();
  readonly rooms: ReadonlyMap<string, ModelRoom>;
  readonly algorithm: string;
  readonly definition: Definition;
  readonly slow: boolean;
  /** What was found to be wrong. */
  readonly violations: Violation[] = [];
  /** What the sender of `chats:assign` asked for, by assignment. */
  readonly asked = new Map<string, AssignOptions | undefined>();
  /** What the rows say: a slow algorithm thinks before anything tells of the assignment. */
  rows: readonly AssignmentRow[] = [];
  /** When the step before ended, and which chats waited for an agent then. */
  settledAt = 0;
  waited: readonly ModelChat[] = [];
  /** Chats that an agent was eligible for who went to a younger one in this step. */
  readonly passedOver = new Map<ModelChat, string>();
  /** Invitations that were accepted. */
  readonly accepted = new Set<string>();
  /** The newest position of the log. */
  position: number;
  /** The clock when the present step began; what came due before it runs now. */
  stepBegan = 0;
  readonly #connections = new Map<string, number>();
  /** Since when a user who was connected is not. */
  readonly #lostAt = new Map<string, number>();

  constructor(options: ModelOptions) {
    this.rooms = new Map(options.rooms.map((room) => [room.name, room]));
    this.algorithm = options.algorithm;
    this.definition = options.definition;
    this.slow = options.slow;
    this.position = options.position;
  }

  report(invariant: Invariant, message: string): void {
    this.violations.push({ invariant, message });
  }

  isOnline(userId: string): boolean {
    return (this.#connections.get(userId) ?? 0) > 0;
  }

  connections(userId: string): number {
    return this.#connections.get(userId) ?? 0;
  }

  lostAt(userId: string): number | undefined {
    return this.#lostAt.get(userId);
  }

  setConnections(userId: string, count: number, now: number): void {
    const before = this.connections(userId);
    this.#connections.set(userId, count);
    if (count > 0) this.#lostAt.delete(userId);
    else if (before > 0) this.#lostAt.set(userId, now);
    for (const chat of this.chats.values()) {
      const { invitation } = chat;
      if (invitation?.agentId !== userId) continue;
      if (count > 0) invitation.lostAt = undefined;
      else invitation.lostAt ??= now;
    }
  }

  /** Owned open chats and pending invitations. */
  loadOf(agentId: string): number {
    let load = 0;
    for (const { status, owner, invitation } of this.chats.values()) {
      if (status === 'active' && owner === agentId) load += 1;
      if (invitation?.agentId === agentId) load += 1;
    }
    return load;
  }

  agentsOf(room: string): ModelAgent[] {
    return [...this.agents.values()].filter(({ rooms }) => rooms.includes(room));
  }

  room(name: string): ModelRoom {
    const room = this.rooms.get(name);
    if (!room) throw new Error(`There is no room ${name} in this sequence.`);
    return room;
  }

  policyOf({ room }: ModelChat) {
    return this.room(room).policy;
  }

  /** Whom routing invited last to a chat of the room. */
  lastInvitedIn(room: string): string | undefined {
    return this.room(room).lastInvited;
  }

  /** How many chats of a room a slow algorithm is thinking about. */
  thoughtsIn(room: string): number {
    const thoughts = this.rows.filter(({ chat_id, state, pick_by }) => {
      return state === 'running' && pick_by !== null && this.chats.get(chat_id)?.room === room;
    });
    return thoughts.length;
  }

  openChats(): ModelChat[] {
    return [...this.chats.values()].filter(({ status }) => status !== 'closed');
  }

  /** Notes that an assignment runs; what it was asked with is known before the log is read. */
  beginAssignment(chat: ModelChat, id: string, at: number): ModelAssignment {
    if (chat.assignment) {
      this.report('I4', `${chat.id} has the assignment ${id} while ${chat.assignment.id} runs`);
    }
    const policy = this.policyOf(chat);
    const { maxAttempts, interval } = this.asked.get(id) ?? policy;
    const row = this.slow ? this.rows.find((each) => each.id === id) : undefined;
    const startedAt = row?.started_at ?? at;
    const assignment: ModelAssignment = {
      id,
      algorithm: this.algorithm,
      maxAttempts,
      interval,
      deadline: startedAt + maxAttempts * interval * 1000,
      attempts: 0,
      tried: [],
    };
    chat.assignment = assignment;
    return assignment;
  }

  /** Takes in an assignment that a slow algorithm has thought about and nothing has told of yet. */
  adoptAssignment(chat: ModelChat, state: AssignmentRow['state'], at: number): void {
    if (!this.slow || chat.assignment) return;
    const row = this.rows.find(
      (each) => each.chat_id === chat.id && each.state === state && !chat.ended.has(each.id),
    );
    if (row) this.beginAssignment(chat, row.id, at);
  }

  endAssignment(chat: ModelChat, end: AssignmentEnd): void {
    const { assignment } = chat;
    if (!assignment) return;
    chat.assignment = undefined;
    chat.ended.set(assignment.id, end);
  }

  noteInvited(agentId: string, room: string, at: number): void {
    const newest = Math.max(0, ...this.agentsOf(room).map(({ lastInvitedAt }) => lastInvitedAt));
    const agent = this.agents.get(agentId);
    // Two invitations within one millisecond still have an order.
    if (agent) agent.lastInvitedAt = Math.max(at, newest + 1);
    this.room(room).lastInvited = agentId;
  }
}
