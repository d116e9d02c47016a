import type { Agent } from '@parley/client';

import { Avatar } from '../avatar.tsx';
import type { Connection } from '../connection.ts';
import { Failure } from '../failure.tsx';
import { useAttempt } from '../use-attempt.ts';

export interface DeskBarProps {
  agent: Agent;
  connection: Connection;
  openChats: number;
  onLogOut(): void;
}

/** Who sits here, for which rooms, and whether they can be invited. */
export function DeskBar({ agent, connection, openChats, onLogOut }: DeskBarProps) {
  const { attempt, failure } = useAttempt();
  const { name = agent.id, rooms, capacity, status, reason } = agent;
  const isAvailable = status === 'available';

  const become = (next: Agent['status']) =>
    attempt(() => connection.client.send('agents:status', { status: next }));

  return (
    <>
      <div className="desk-bar">
        <p className="peer">
          <Avatar name={name} side="agent" />
          <span>
            <strong>{name}</strong>
            <small>
              {rooms.join(', ')} · {openChats} of {capacity} chats
            </small>
          </span>
        </p>
        <div className="actions">
          <button
            type="button"
            role="switch"
            className="switch"
            aria-checked={isAvailable}
            aria-label="Available"
            onClick={() => become(isAvailable ? 'away' : 'available')}
          >
            {isAvailable ? 'Available' : 'Away'}
          </button>
          <button type="button" onClick={onLogOut}>
            Log out
          </button>
        </div>
      </div>
      {reason === undefined ? null : <p className="notice">You were set away: {reason}.</p>}
      <Failure of={failure} />
    </>
  );
}
