import type { Actor } from '@parley/contract';

import { createPresenceNotes, type PresenceNotes } from './presence-notes.ts';
import { settlePick } from './chat/assignment.ts';
import { meetDeadlines } from './chat/deadlines.ts';
import type { Decision, Pick } from './chat/decision.ts';
import { retryAssignment } from './chat/wanting.ts';
import type { Chats } from './chats.ts';
import type { Environment } from './environment.ts';
import { createAlarm } from './live/alarm.ts';
import type { Log, Transaction } from './log/log.ts';
import { freePlaces } from './tables/agents.ts';
import {
  chatsWantingAgent,
  dueChats,
  earliestDeadline,
  usersOfOpenChats,
} from './tables/chat-lists.ts';
import { loadChat } from './tables/chats.ts';

/** Does what time and connections demand, on nobody's behalf. */
export interface Caretaker extends PresenceNotes, AsyncDisposable {
  /** Meets what came due while the server was down, and counts everybody of an open chat as gone until they connect. */
  start(): Promise<void>;
  /** There is a deadline at this time. */
  deadlineSet(at: number): void;
  /** Somebody may be free in a room who was not: whoever looks through it in the works that follow starts over. */
  stirRoom(room: string): void;
  /** Starts assignments in a room for chats left without an agent, the oldest first. */
  wakeRoom(room: string): void;
  /** Invites whom a slow algorithm picks, once it has. */
  awaitPick(chatId: string, pick: Pick): void;
}

export interface CaretakerOptions {
  environment: Environment;
  log: Log;
  chats(): Chats;
  isOnline(userId: string): boolean;
  refreshQueue(room: string): void;
  /** A piece of work failed; it will be tried again when its cause comes back. */
  onError(error: unknown): void;
}

const system: Actor = { id: 'system' };

/** How many overdue chats one look at the deadlines brings. */
const pageSize = 100;

/** How long to wait before what failed is tried again. */
const retryMilliseconds = 1000;

export function createCaretaker(options: CaretakerOptions): Caretaker {
  const { environment, log, chats, isOnline, refreshQueue, onError } = options;
  const alarm = createAlarm({ environment, ring, onError });
  let stopped = false;
  /** Rooms whose waiting chats are being assigned, and those to look at once more after that. */
  const waking = new Set<string>();
  const again = new Set<string>();
  const stirred = new Set<string>();

  /** Whether the work was done; what failed is told to `onError`. */
  async function commit(work: (transaction: Transaction) => Promise<void>): Promise<boolean> {
    if (stopped) return false;
    try {
      await log.commit(work);
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  }

  const occasion = () => ({ by: system, now: environment.now() });

  async function decide(
    transaction: Transaction,
    chatId: string,
    what: (decision: Decision) => void,
  ) {
    const chat = await loadChat(transaction, chatId);
    if (chat) await chats().decide(transaction, occasion(), chat, { routes: true }, what);
  }

  async function ring(): Promise<number | undefined> {
    if (stopped) return undefined;
    const due = await log.read((snapshot) => dueChats(snapshot, environment.now(), pageSize));
    let failed = false;
    for (const chatId of due) {
      const done = await commit((transaction) => decide(transaction, chatId, meetDeadlines));
      failed ||= !done;
    }
    if (stopped) return undefined;
    const next = await log.read(earliestDeadline);
    return failed ? environment.now() + retryMilliseconds : next;
  }

  const stirRoom = (room: string) => void stirred.add(room);

  function wakeRoom(room: string): void {
    refreshQueue(room);
    if (waking.has(room)) return void again.add(room);
    waking.add(room);
    void assignWaiting(room)
      .catch(onError)
      .finally(() => {
        waking.delete(room);
        if (again.delete(room)) wakeRoom(room);
      });
  }

  /**
   * One chat after another, each by itself so that nobody else waits for all of them, while there is a place left.
   * The oldest is looked for each time, since others may begin to wait in between.
   */
  async function assignWaiting(room: string): Promise<void> {
    const tried = new Set<string>();
    for (;;) {
      let next: string | undefined;
      const done = await commit(async (transaction) => {
        // Those for whom there was nobody a moment ago come before all who are younger.
        if (stirred.delete(room)) tried.clear();
        if ((await freePlaces(transaction, room, isOnline)) <= 0) return;
        const oldest = await chatsWantingAgent(transaction, room, tried.size + 1);
        next = oldest.find((chatId) => !tried.has(chatId));
        if (next !== undefined) await decide(transaction, next, retryAssignment);
      });
      if (!done || next === undefined) return;
      tried.add(next);
    }
  }

  const presenceNotes = createPresenceNotes({
    environment,
    commit,
    decide: (transaction, chat, what) =>
      chats().decide(transaction, occasion(), chat, { routes: false }, what),
    stirRoom,
    wakeRoom,
  });

  return {
    async start() {
      const users = await log.read(usersOfOpenChats);
      const gone = users.filter((each) => !isOnline(each));
      await Promise.all(gone.map((userId) => presenceNotes.presenceChanged(userId, false)));
      const next = await ring();
      if (next !== undefined) alarm.set(next);
    },
    ...presenceNotes,
    deadlineSet: (at) => alarm.set(at),
    stirRoom,
    wakeRoom,
    awaitPick(chatId, pick) {
      const settle = (agentId: string | undefined) =>
        commit((transaction) =>
          decide(transaction, chatId, (decision) => settlePick(decision, pick, agentId)),
        );
      void pick.picked.then(({ id }) => settle(id)).catch(() => settle(undefined));
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      alarm[Symbol.dispose]();
      await log.settled();
    },
  };
}
