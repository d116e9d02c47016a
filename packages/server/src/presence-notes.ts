import usersPresence from '@parley/contract/events/users-presence';

import { topicsOf } from './access/audience.ts';
import { isPresenceNews, notePresence } from './chat/deadlines.ts';
import type { Decision } from './chat/decision.ts';
import { memberOf } from './chat/lifecycle.ts';
import type { ChatState } from './chat/state.ts';
import type { Environment } from './environment.ts';
import type { Transaction } from './log/log.ts';
import { roomsOfAgents } from './tables/agents.ts';
import { chatsTouchedBy } from './tables/chat-lists.ts';
import { loadChat, rememberChats } from './tables/chats.ts';

/** Lets chats and rooms know of users who come and go. */
export interface PresenceNotes {
  /** Resolves when it is noted, or told to whoever gets errors. */
  presenceChanged(userId: string, online: boolean): Promise<void>;
}

export interface PresenceNotesOptions {
  environment: Environment;
  /** Whether the work was done. */
  commit(work: (transaction: Transaction) => Promise<void>): Promise<boolean>;
  decide(
    transaction: Transaction,
    chat: Readonly<ChatState>,
    what: (decision: Decision) => void,
  ): Promise<void>;
  stirRoom(room: string): void;
  wakeRoom(room: string): void;
}

interface Change {
  userId: string;
  online: boolean;
}

/** Changes that one work notes, and when it has. */
interface Batch {
  changes: Change[];
  noted: Promise<void>;
}

/** The most changes of one work: what waits behind it waits for all of them. */
const batchSize = 100;

/** Who comes or goes in one turn of the event loop is noted by one work, which looks for all of them together. */
export function createPresenceNotes(options: PresenceNotesOptions): PresenceNotes {
  const { environment, commit, decide, stirRoom, wakeRoom } = options;
  let gathering: Batch | undefined;

  /** Adds the change to a work that waits for its turn, so that whatever is handed in after this finds it noted. */
  function note(change: Change): Promise<void> {
    if (gathering && gathering.changes.length < batchSize) {
      gathering.changes.push(change);
    } else {
      const changes = [change];
      gathering = { changes, noted: noteAll(changes) };
    }
    return gathering.noted;
  }

  async function noteAll(changes: Change[]): Promise<void> {
    const endGathering = () => {
      if (gathering?.changes === changes) gathering = undefined;
    };
    const done = await commit((transaction) => {
      endGathering();
      return noteIn(transaction, changes);
    });
    endGathering();
    if (done || changes.length === 1) return;
    // The trouble of one must not be that of all who came with it.
    for (const change of changes) await noteAll([change]);
  }

  async function noteIn(transaction: Transaction, changes: readonly Change[]) {
    const userIds = changes.map(({ userId }) => userId);
    const chatsOf = await chatsTouchedBy(transaction, userIds);
    const roomsOf = await roomsOfAgents(transaction, userIds);
    // Before anything is written: to read after that, what was written has to go to the store first.
    await rememberChats(transaction, [...new Set([...chatsOf.values()].flat())]);
    for (const { userId, online } of changes) {
      for (const chatId of chatsOf.get(userId) ?? []) {
        await tellChat(transaction, chatId, userId, online);
      }
      const rooms = roomsOf.get(userId) ?? [];
      rooms.forEach(stirRoom);
      if (rooms.length > 0) transaction.afterCommit(() => rooms.forEach(wakeRoom));
    }
  }

  /** Most who come and go change nothing that the chat stores. */
  async function tellChat(
    transaction: Transaction,
    chatId: string,
    userId: string,
    online: boolean,
  ) {
    const chat = await loadChat(transaction, chatId);
    if (!chat) return;
    if (isPresenceNews(chat, userId, online)) {
      await decide(transaction, chat, (decision) => notePresence(decision, userId, online));
    }
    const member = memberOf(chat, userId);
    if (!member) return;
    const { name, listen } = usersPresence;
    const at = environment.now();
    transaction.append({
      name,
      durable: listen.durable,
      chatId,
      at,
      by: { id: userId, role: member.role },
      data: { userId, online, lastSeenAt: new Date(at) },
      topics: topicsOf(member.as === 'watcher' ? { agents: chatId } : { chat: chatId }),
    });
  }

  return { presenceChanged: (userId, online) => note({ userId, online }) };
}
