import type { Chat } from '@parley/client/chats';
import { useCallback, useEffect, useState } from 'react';

import { Failure } from '../failure.tsx';
import { useAttempt } from '../use-attempt.ts';

export interface WaitingProps {
  chat: Chat;
  /** How many are ahead in the queue. */
  queuePosition: number | undefined;
}

/** Looks for an agent for as long as the chat waits: a new one, or one that an agent gave back. */
export function Waiting({ chat, queuePosition }: WaitingProps) {
  const [isAlone, setAlone] = useState(false);
  const { attempt, failure } = useAttempt();

  const search = useCallback(async () => {
    setAlone(false);
    await attempt(async () => {
      let result = await chat.searchAgent();
      while (!result.agent && result.reason === 'superseded') result = await chat.searchAgent();
    });
    // Whoever is found takes the chat, and so ends the waiting.
    setAlone(true);
  }, [attempt, chat]);

  useEffect(() => void search(), [search]);

  if (isAlone) {
    return (
      <>
        <Failure of={failure} />
        <div className="waiting alone" role="status">
          <p>
            <strong>No agent is free right now.</strong> You keep your place, and are connected as
            soon as somebody is.
          </p>
          <button type="button" onClick={search}>
            Try again
          </button>
        </div>
      </>
    );
  }
  return (
    <div className="waiting" role="status">
      <span className="spinner" aria-hidden="true" />
      <p>
        <strong>Looking for an agent…</strong>{' '}
        {queuePosition === undefined ? null : describe(queuePosition)}
      </p>
    </div>
  );
}

function describe(queuePosition: number): string {
  if (queuePosition === 0) return 'You are next.';
  return queuePosition === 1
    ? 'One person is ahead of you.'
    : `${queuePosition} people are ahead of you.`;
}
