import type {
  ChatUser,
  ChatView,
  ListenEvents,
  RunningAssignment,
  UserName,
} from '@parley/contract/types';

import { Dated } from './dated.ts';
import type { Counted } from './unread.ts';

type Origin = Pick<ChatView, 'id' | 'source' | 'lang' | 'customerId' | 'createdAt'>;

/** The search for an agent that runs. What only its steps tell is not known before the first one is heard. */
export interface ChatAssignment extends RunningAssignment {
  /** Counts the agents who were asked, from 1. */
  readonly attempt?: number | undefined;
  /** The most agents to ask. */
  readonly maxAttempts?: number | undefined;
  /** Who is asked now. */
  readonly agent?: UserName | undefined;
}

/** Where a chat stands between waiting and closed, and whose it is. */
type Standing = Pick<ChatView, 'status' | 'agentId' | 'closedAt' | 'closeReason' | 'extraData'>;

/**
 * A chat as it was fetched and by what was heard since. Occurrences of different events may come out of order, and a
 * fetch may come late: the later position in the log holds.
 */
export class ChatState {
  /** What never changes. */
  readonly origin: Origin;
  readonly #room: Dated<string>;
  readonly #standing: Dated<Standing>;
  readonly #running: Dated<RunningAssignment | undefined>;
  /** The last step that was heard of an assignment. What is fetched tells of none, and must not hide one that is heard later. */
  readonly #step = new Dated<ChatAssignment | undefined>(undefined, 0);
  readonly #users = new Map<string, Dated<ChatUser | undefined>>();
  /** Read marks only move forward, so that they need no position. */
  readonly #marks = new Map<string, number>();
  readonly #counted: Dated<Counted>;

  constructor(view: ChatView, cursor: number, userId: string | undefined) {
    const { id, source, lang, customerId, createdAt } = view;
    this.origin = { id, source, lang, customerId, createdAt };
    this.#room = new Dated(view.room, cursor);
    this.#standing = new Dated(view, cursor);
    this.#running = new Dated(view.assignment, cursor);
    this.#counted = new Dated(countedIn(view, userId), cursor);
    this.take(view, cursor, userId);
  }

  get room(): string {
    return this.#room.value;
  }

  get standing(): Standing {
    return this.#standing.value;
  }

  get assignment(): ChatAssignment | undefined {
    const [running, step] = [this.#running.value, this.#step.value];
    return step?.assignmentId === running?.assignmentId ? step : running;
  }

  get counted(): Counted {
    return this.#counted.value;
  }

  /** Members and watchers, with their newest read marks, in the order they joined. */
  get users(): ChatUser[] {
    return Array.from(this.#users.values(), ({ value }) => value)
      .filter((user) => user !== undefined)
      .map((user) => ({ ...user, readSeq: this.markOf(user.id) }))
      .toSorted((left, right) => left.joinedAt.getTime() - right.joinedAt.getTime());
  }

  /** Whether the user is a member or a watcher. */
  has(userId: string | undefined): boolean {
    return userId !== undefined && this.#users.get(userId)?.value !== undefined;
  }

  markOf(userId: string | undefined): number {
    return (userId !== undefined && this.#marks.get(userId)) || 0;
  }

  /** Takes over what was fetched, except where something newer is known. */
  take(view: ChatView, cursor: number, userId: string | undefined): void {
    this.#room.set(view.room, cursor);
    this.#standing.set(view, cursor);
    this.#running.set(view.assignment, cursor);
    this.#counted.set(countedIn(view, userId), cursor);
    const present = new Map(usersOf(view).map((user) => [user.id, user]));
    for (const id of new Set([...this.#users.keys(), ...present.keys()])) {
      this.#setUser(id, present.get(id), cursor);
    }
  }

  join(user: ChatUser, position: number): void {
    this.#setUser(user.id, user, position);
    // An agent takes part in a chat only by taking it.
    if (user.role === 'agent' && user.as === 'member') this.own(user.id, position);
  }

  leave({ id }: ChatUser, position: number): void {
    this.#setUser(id, undefined, position);
  }

  /** An agent is asked to take the chat, or nobody any more. */
  assign(next: ChatAssignment | undefined, position: number): void {
    this.#running.set(next, position);
    this.#step.set(next, position);
  }

  /** The agent who was asked is not any more; the next one may be. */
  uninvite(position: number): void {
    const { value } = this.#step;
    this.#step.set(value && { ...value, agent: undefined }, position);
  }

  own(agentId: string, position: number): void {
    this.#standing.set({ status: 'active', agentId }, position);
    this.assign(undefined, position);
  }

  queue(room: string, position: number): void {
    this.#room.set(room, position);
    this.#standing.set({ status: 'waiting' }, position);
  }

  close(
    { reason, extraData }: ListenEvents['chats:close']['data'],
    closedAt: Date,
    position: number,
  ): void {
    const { agentId } = this.standing;
    const closed = { status: 'closed', agentId, closedAt, closeReason: reason, extraData } as const;
    this.#standing.set(closed, position);
    this.assign(undefined, position);
  }

  read(userId: string, seq: number): void {
    this.#marks.set(userId, Math.max(this.markOf(userId), seq));
  }

  #setUser(id: string, user: ChatUser | undefined, position: number): void {
    const known = this.#users.get(id);
    if (known) known.set(user, position);
    else this.#users.set(id, new Dated(user, position));
    if (user) this.read(id, user.readSeq);
  }
}

function usersOf({ users = [], watchers = [] }: ChatView): ChatUser[] {
  return [...users, ...watchers];
}

function countedIn(view: ChatView, userId: string | undefined): Counted {
  const from = usersOf(view).find(({ id }) => id === userId)?.readSeq ?? 0;
  const upTo = Math.max(view.history?.at(-1)?.seq ?? 0, 0);
  return { unread: view.unread, from, upTo };
}
