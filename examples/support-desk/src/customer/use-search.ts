import { isEventError } from '@parley/client';
import { useEffect, useEffectEvent } from 'react';

import type { ChatState } from '../chat-state.ts';
import type { Connection } from '../connection.ts';
import { useAttempt } from '../use-attempt.ts';
import type { Chats } from '../use-chats.ts';

/** Asks for an agent when a chat waits and nobody looks for one: a new one, or one that an agent gave back. */
export function useSearch(
  chat: ChatState | undefined,
  { send }: Connection,
  searched: Chats['searched'],
) {
  const { attempt, failure } = useAttempt();

  async function search(chatId: string) {
    searched(chatId, 'running');
    await attempt(async () => {
      try {
        await send('chats:assign', { chatId });
      } catch (error) {
        // After a reload the page cannot know whether the search still runs; this says that it does.
        if (isEventError(error, 'chats:assign') && error.code === 'ASSIGNMENT_RUNNING') return;
        searched(chatId, 'failed');
        throw error;
      }
    });
  }

  const unsought = chat?.status === 'waiting' && chat.search === 'none' ? chat.id : undefined;
  const seek = useEffectEvent(search);
  useEffect(() => {
    if (unsought !== undefined) void seek(unsought);
  }, [unsought]);

  return { search, failure };
}
