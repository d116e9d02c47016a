import usersPresence from '@parley/contract/events/users-presence';

import { topicsOf } from './access/audience.ts';
import { Batches } from './batches.ts';
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

/** Who comes or goes in one turn of the event loop is noted by one work, which looks for all of them together. */
export function createPresenceNotes(options: PresenceNotesOptions): PresenceNotes {
  const { environment, commit, decide, stirRoom, wakeRoom } = options;

  /** One that waits for its turn takes in more, so that whatever is handed in after a change finds it noted. */
  const together = new Batches<Change, void>({
    most: 100,
    async work(changes, close) {
      const done = await commit((transaction) => {
        close();
        return noteIn(transaction, changes);
      });
      close();
      // The trouble of one must not be that of all who came with it.
      if (!done && changes.length > 1) {
        for (const change of changes) await commit((transaction) => noteIn(transaction, [change]));
      }
      return changes.map(() => ({ status: 'fulfilled', value: undefined }));
    },
  });

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

  return { presenceChanged: (userId, online) => together.add({ userId, online }) };
}
