import type { Status } from '@parley/client';
import type { Chat } from '@parley/client/chats';
import { useCallback, useEffect, useReducer, useState } from 'react';

import type { Connection } from './connection.ts';

export interface OpenChats {
  /** Oldest first. Closed ones stay until they are put away. Undefined until it is known which there are. */
  chats: Chat[] | undefined;
  keep(chat: Chat): void;
  putAway(chat: Chat): void;
}

/** A user's chats: those there are, and those an agent gets. They keep themselves up to date. */
export function useChats(connection: Connection | undefined): OpenChats {
  const [kept] = useState(() => new Map<string, Chat>());
  const [isKnown, setKnown] = useState(false);
  // A chat stays the same object when it changes, so React is told to look again.
  const [, look] = useReducer((looks: number) => looks + 1, 0);

  const keep = useCallback(
    (chat: Chat) => {
      kept.get(chat.id)?.dispose();
      kept.set(chat.id, chat);
      chat.on('chat:changed', () => look());
      look();
    },
    [kept],
  );

  const putAway = useCallback(
    (chat: Chat) => {
      chat.dispose();
      kept.delete(chat.id);
      look();
    },
    [kept],
  );

  useEffect(() => {
    if (!connection) return;
    const { user, client } = connection;
    const end = new AbortController();
    const { signal } = end;

    async function open(chatId: string) {
      if (kept.has(chatId)) return;
      const chat = await client.chats.open(chatId, { signal });
      keep(chat);
      chat.on('user:left', ({ user: { id } }) => {
        if (id === user.id) putAway(chat);
      });
    }

    async function openAll() {
      const { chats } = await client.send('users:chats', {}, { signal });
      await Promise.allSettled(chats.map(({ id }) => open(id)));
      setKnown(true);
    }

    // What fails is in the stream, and is tried again when the connection is back.
    const quietly = (opening: Promise<void>) => void opening.catch(() => undefined);

    const accepted = ({ chatId, userId }: { chatId: string; userId: string }) => {
      if (userId === user.id) quietly(open(chatId));
    };
    const openWhen = ({ state }: Status) => {
      if (state === 'open') quietly(openAll());
    };
    client.subscribe('invitations:accept', accepted, { signal });
    client.onStatus(openWhen, { signal });
    openWhen(client.status);
    return () => {
      end.abort();
      for (const chat of kept.values()) chat.dispose();
      kept.clear();
      setKnown(false);
    };
  }, [connection, kept, keep, putAway]);

  return { chats: isKnown ? [...kept.values()].toSorted(byAge) : undefined, keep, putAway };
}

function byAge(left: Chat, right: Chat): number {
  return left.createdAt.getTime() - right.createdAt.getTime();
}
