import { isEventError, type Message } from '@parley/client';
import { useEffect, useEffectEvent, useReducer, useState } from 'react';

import {
  addMessage,
  type ChatEvent,
  chatEvents,
  type ChatState,
  hear,
  type Search,
} from './chat-state.ts';
import { changeChats, noChats } from './chats-state.ts';
import type { Connection } from './connection.ts';

export interface Chats {
  /** Oldest first. Closed ones stay until they are put away. Undefined until they are fetched. */
  chats: ChatState[] | undefined;
  /** Shows a message of one's own as soon as the server has it. */
  written(message: Message): void;
  /** Shows whether an agent is being looked for; customers do not hear of the agents who are asked. */
  searched(chatId: string, search: Search): void;
  putAway(chatId: string): void;
}

/** Keeps a user's chats as the server has them: listens first, then fetches, and merges the two. */
export function useChats({ user, events, send }: Connection): Chats {
  const [{ chats }, change] = useReducer(changeChats, noChats);
  const [isFetched, setFetched] = useState(false);

  const knownIds = useEffectEvent(() => Object.keys(chats));

  useEffect(() => {
    const asked = new Set<string>();

    async function fetchChat(chatId: string) {
      if (asked.has(chatId)) return;
      asked.add(chatId);
      change({ kind: 'ask', chatId });
      try {
        const { chat, cursor } = await send('chats:get', { chatId, fields: 'users,history' });
        change({ kind: 'fetch', chat, cursor });
      } catch (error) {
        if (!isEventError(error, 'chats:get') || error.code !== 'NOT_FOUND') throw error;
        change({ kind: 'forget', chatId });
      } finally {
        asked.delete(chatId);
      }
    }

    async function fetchAll() {
      const { chats: open } = await send('users:chats', {});
      const ids = new Set([...knownIds(), ...open.map(({ id }) => id)]);
      await Promise.allSettled([...ids].map(fetchChat));
      setFetched(true);
    }

    // A failed fetch is in the stream, and is tried again when the connection is back.
    const quietly = (fetched: Promise<void>) => void fetched.catch(() => undefined);

    const follow = <Name extends ChatEvent>(name: Name) =>
      events.subscribe(name, (data, { chatId, position, at }) => {
        if (chatId === undefined) return;
        change({ kind: 'change', chatId, position, apply: (chat) => hear[name](chat, data, at) });
      });

    const offs = [
      ...chatEvents.map((name) => follow(name)),
      events.subscribe('chats:create', ({ chat }) => {
        if (chat.customerId === user.id) quietly(fetchChat(chat.id));
      }),
      events.subscribe('invitations:accept', ({ chatId, userId }) => {
        if (userId === user.id) quietly(fetchChat(chatId));
      }),
      events.subscribe('chats:leave', ({ chatId, user: { id } }) => {
        if (id === user.id) change({ kind: 'forget', chatId });
      }),
      events.onStatus(({ state }) => {
        if (state === 'open') quietly(fetchAll());
      }),
    ];
    if (events.status.state === 'open') quietly(fetchAll());
    return () => {
      for (const off of offs) off();
    };
  }, [user, events, send]);

  const edit = (chatId: string, apply: (chat: ChatState) => ChatState) =>
    change({ kind: 'change', chatId, apply });

  return {
    chats: isFetched ? Object.values(chats).toSorted(byAge) : undefined,
    written: (message) =>
      edit(message.chatId, (chat) => ({ ...chat, history: addMessage(chat.history, message) })),
    searched: (chatId, search) => edit(chatId, (chat) => ({ ...chat, search })),
    putAway: (chatId) => change({ kind: 'forget', chatId }),
  };
}

function byAge(left: ChatState, right: ChatState): number {
  return left.createdAt.getTime() - right.createdAt.getTime();
}
