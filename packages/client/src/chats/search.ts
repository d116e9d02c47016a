import type { ChatView, ListenEvents, UserName } from '@parley/contract/types';

import { isEventError } from '../errors.ts';
import type { Connection } from './connection.ts';

export interface SearchOptions {
  /** How to select the agent, if not the room's default way. */
  algorithm?: string | undefined;
  /** The most jumps between agents before nobody counts as available. */
  maxAttempts?: number | undefined;
  /** How many seconds one invitation lasts. */
  interval?: number | undefined;
  /** Its abort rejects with the signal's reason; the assignment goes on. */
  signal?: AbortSignal | undefined;
}

/** The agent who has taken the chat, or why there is none. */
export type SearchResult = { agent: UserName } | { agent: null; reason: SearchFailure };

export type SearchFailure =
  | ListenEvents['forever:alone']['data']['reason']
  | 'closed'
  /** The chat was sent to a room. */
  | 'superseded'
  /** It is over, and what has become of it was not heard. */
  | 'ended'
  /** Nobody would hear of its end: no connection until it was over, or none any more, or the user has left the chat. */
  | 'disconnected';

/** What is heard of the end of an assignment; one that failed by itself is named. */
export type AssignmentEnd = SearchResult & { assignmentId?: string };

/** What a search needs of its chat. */
export interface SearchedChat {
  connection: Connection;
  chatId: string;
  /** The owner when the search begins. */
  agentId: string | undefined;
  /** Aborted when nothing is heard of the chat any more. */
  life: AbortSignal;
  /** Has the chat fetched, and what is fetched given to `look`. */
  refresh(): void;
}

/** What holds unless the room or the caller says otherwise, in seconds. */
const usualDuration = 3 * 30;

/** How long after its time an assignment is asked about, and how long the answer may take. */
const askMilliseconds = 300;
const answerMilliseconds = 600;

/** How long the occurrence that tells how an assignment ended may be behind what is fetched. */
const lagMilliseconds = 400;

/** How long to wait before asking again about an assignment that takes longer than it should; then twice as long each time. */
const overtimeMilliseconds = 1000;

const disconnected: SearchResult = { agent: null, reason: 'disconnected' };

/** One wait for the end of an assignment. It ends with the assignment, or shortly after that should have ended. */
export class Search {
  readonly #chat: SearchedChat;
  readonly #result = Promise.withResolvers<SearchResult>();
  /** How assignments failed before it was known which one is waited for. */
  readonly #failed = new Map<string, SearchResult>();
  #assignmentId: string | undefined;
  /** How long it may take in milliseconds, if the caller says so. */
  #duration: number | undefined;
  /** When it is over by the client's clock. */
  #until: number | undefined;
  #overtime = overtimeMilliseconds;
  #cancel = () => {};

  constructor(chat: SearchedChat) {
    this.#chat = chat;
  }

  /** Asks for an agent and waits for the end of the assignment, or of the one that is running. */
  async run({ signal, ...options }: SearchOptions): Promise<SearchResult> {
    const { life, connection } = this.#chat;
    const { maxAttempts, interval } = options;
    const over = new AbortController();
    const { resolve, reject, promise } = this.#result;
    signal?.throwIfAborted();
    if (life.aborted) return disconnected;
    signal?.addEventListener('abort', () => reject(signal.reason), { signal: over.signal });
    life.addEventListener('abort', () => resolve(disconnected), { signal: over.signal });
    if (maxAttempts !== undefined && interval !== undefined) {
      this.#duration = maxAttempts * interval * 1000;
    }
    this.#watch(connection.environment.now() + (this.#duration ?? usualDuration * 1000));
    try {
      void this.#begin(options, over.signal);
      return await promise;
    } finally {
      over.abort();
      this.#cancel();
    }
  }

  /** An assignment of the chat has ended. */
  hear({ assignmentId, ...result }: AssignmentEnd): void {
    if (assignmentId === undefined || assignmentId === this.#assignmentId) {
      this.#result.resolve(result);
    } else if (this.#assignmentId === undefined) {
      this.#failed.set(assignmentId, result);
    }
  }

  /** The chat was fetched. */
  look({ status, agentId, users, assignment }: ChatView): void {
    const { connection, agentId: owner } = this.#chat;
    const { now, scheduler } = connection.environment;
    const { resolve } = this.#result;
    if (status === 'closed') return resolve({ agent: null, reason: 'closed' });
    if (this.#assignmentId === undefined) return;
    if (assignment?.assignmentId === this.#assignmentId) {
      this.#until ??= assignment.deadline.getTime();
      if (this.#until > now()) return this.#watch(this.#until);
      this.#watch(now() + this.#overtime);
      this.#overtime *= 2;
      return;
    }
    if (agentId !== undefined && agentId !== owner) {
      const name = users?.find(({ id }) => id === agentId)?.name;
      return resolve({ agent: { id: agentId, name } });
    }
    this.#cancel();
    const ended: SearchResult = { agent: null, reason: 'ended' };
    this.#cancel = scheduler.after(lagMilliseconds, () => resolve(ended));
  }

  async #begin(options: Omit<SearchOptions, 'signal'>, signal: AbortSignal) {
    const { connection, chatId, refresh } = this.#chat;
    const { now } = connection.environment;
    try {
      const data = { chatId, ...options };
      const reply = await connection.send('chats:assign', data, { signal });
      // A replayed reply is about something that began earlier.
      if (this.#duration === undefined) this.#until = reply.deadline.getTime();
      else if (!reply.replayed) this.#until = now() + this.#duration;
      if (this.#until !== undefined) this.#watch(this.#until);
      this.#waitFor(reply.assignmentId);
      // Customers do not hear of an assignment that runs.
      if (reply.state === 'inviting') refresh();
    } catch (error) {
      if (!isEventError(error, 'chats:assign')) return this.#result.reject(error);
      if (error.code === 'CHAT_CLOSED') return this.hear({ agent: null, reason: 'closed' });
      if (error.code !== 'ASSIGNMENT_RUNNING') return this.#result.reject(error);
      this.#waitFor(error.data.assignmentId);
      refresh();
    }
  }

  #waitFor(assignmentId: string) {
    this.#assignmentId = assignmentId;
    const failed = this.#failed.get(assignmentId);
    if (failed) this.#result.resolve(failed);
  }

  /** Asks about the assignment shortly after this time, should nothing be heard of it before. */
  #watch(until: number) {
    const { connection, refresh } = this.#chat;
    const { now, scheduler } = connection.environment;
    this.#cancel();
    this.#cancel = scheduler.after(Math.max(until - now(), 0) + askMilliseconds, () => {
      const giveUp = () => this.#result.resolve(disconnected);
      this.#cancel = scheduler.after(answerMilliseconds, giveUp);
      refresh();
    });
  }
}
