import type { ChatActivity } from '@parley/contract/types';

import { ActivityMonitor } from './activity-monitor.ts';
import type { Chat } from './chat.ts';
import { closeOptionsOf } from './closing.ts';
import type { Connection } from './connection.ts';
import { importHistory } from './import-history.ts';
import type { LiveChat } from './live-chat.ts';
import { Search } from './search.ts';
import { sendMessage } from './send-message.ts';
import { countUnread } from './unread.ts';

/** Makes the functions that people use out of a chat that is kept up to date. */
export function createChat(connection: Connection, live: LiveChat): Chat {
  const { send, environment } = connection;
  const { id: chatId, state, messages, searches, monitors, life } = live;
  const dispose = () => live.end();

  /** Tells what counts only at this moment: not at all without a connection, and nobody waits for the reply. */
  function tell(type: ChatActivity['type']) {
    if (connection.status.state !== 'open' || !live.takesActivity) return;
    send('users:activity', { chatId, type }).catch(() => undefined);
  }

  return {
    ...state.origin,
    get room() {
      return state.room;
    },
    get status() {
      return state.standing.status;
    },
    get agentId() {
      return state.standing.agentId;
    },
    get closed() {
      return state.standing.status === 'closed';
    },
    get closedAt() {
      return state.standing.closedAt;
    },
    get closeReason() {
      return state.standing.closeReason;
    },
    get extraData() {
      return state.standing.extraData;
    },
    get gone() {
      return live.gone;
    },
    get assignment() {
      return state.assignment;
    },
    get users() {
      return state.users.filter(({ as }) => as === 'member');
    },
    get watchers() {
      return state.users.filter(({ as }) => as === 'watcher');
    },
    get messages() {
      return messages.kept;
    },
    get pending() {
      return messages.pending;
    },
    get unread() {
      const { userId } = connection;
      const mark = state.markOf(userId);
      return countUnread({ userId, mark, kept: messages.kept, counted: state.counted });
    },
    get activity() {
      return live.activity.now;
    },

    on: live.listeners.add,

    async searchAgent(given = {}) {
      const { agentId } = state.standing;
      const { refresh } = live;
      const search = new Search({ connection, chatId, agentId, life, refresh });
      searches.add(search);
      try {
        return await search.run(typeof given === 'string' ? { algorithm: given } : given);
      } finally {
        searches.delete(search);
      }
    },

    sendMessage: (message, options = {}) => sendMessage(connection, live, message, options),

    async readMessage(messageId) {
      const { readSeq } = await send('messages:read', { messageId });
      if (connection.userId !== undefined) state.read(connection.userId, readSeq);
      live.changed();
    },

    async sendUserActivity(type) {
      await send('users:activity', { chatId, type });
    },

    monitorActivity(input) {
      if (!live.takesActivity) return () => {};
      const { scheduler } = environment;
      const monitor = new ActivityMonitor(input, { scheduler, tell });
      monitors.add(monitor);
      return () => {
        if (monitors.delete(monitor)) monitor.stop();
      };
    },

    importHistory: (history, options = {}) => importHistory(connection, chatId, history, options),

    async history({ before = messages.kept[0]?.id, limit } = {}) {
      const { chat } = await send('chats:get', { chatId, fields: 'history', before, limit });
      const page = chat.history ?? [];
      if (before === messages.kept[0]?.id && messages.add(page).length > 0) live.changed();
      return page;
    },

    async close(given = {}) {
      const { closed } = await send('chats:close', { chatId, ...closeOptionsOf(given) });
      return closed;
    },

    dispose,
    [Symbol.dispose]: dispose,
  };
}
