import type { Chat, ChatAssignment } from '@parley/client/chats';
import { useEffect, useState } from 'react';

import { Avatar } from '../avatar.tsx';
import { Conversation } from '../chat/conversation.tsx';
import type { Connection } from '../connection.ts';
import { Failure } from '../failure.tsx';
import { nameOf } from '../name-of.ts';
import { useAttempt } from '../use-attempt.ts';

export interface AgentChatProps {
  chat: Chat;
  connection: Connection;
  /** Where the chat is, and whether its customer is there. */
  whereabouts: string;
}

/** One chat as its agent works on it. */
export function AgentChat({ chat, connection, whereabouts }: AgentChatProps) {
  const { send } = connection.client;
  const { attempt, busy, failure } = useAttempt();
  const { id: chatId, closed, closeReason } = chat;
  const name = nameOf(chat, chat.customerId);

  return (
    <>
      <header className="chat-head">
        <p className="peer">
          <Avatar name={name} side="customer" />
          <span>
            <strong>{name}</strong>
            <small>{whereabouts}</small>
          </span>
        </p>
        {closed ? (
          <button type="button" onClick={chat.dispose}>
            Put away
          </button>
        ) : (
          <div className="actions">
            <button
              type="button"
              disabled={busy}
              onClick={() => attempt(() => send('chats:assign', { chatId }))}
            >
              Transfer
            </button>
            <button
              type="button"
              disabled={busy}
              onClick={() => attempt(() => send('chats:toinbox', { chatId }))}
            >
              Back to queue
            </button>
            <button
              type="button"
              disabled={busy}
              onClick={() => attempt(() => chat.close({ reason: 'resolved' }))}
            >
              Close
            </button>
          </div>
        )}
      </header>
      <Failure of={failure} />
      <TransferNotice chat={chat} />
      <Conversation chat={chat} connection={connection} />
      {closed ? (
        <footer className="closed">
          <p role="status">The chat is closed: {closeReason}.</p>
        </footer>
      ) : null}
    </>
  );
}

/** Whether the chat is being handed on to another agent. */
function TransferNotice({ chat }: { chat: Chat }) {
  const { assignment, closed } = chat;
  const [hasFailed, setFailed] = useState(false);

  useEffect(() => {
    const offs = [
      chat.on('agent:invited', () => setFailed(false)),
      chat.on('forever:alone', () => setFailed(true)),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [chat]);

  if (closed || !(assignment || hasFailed)) return null;
  return (
    <p className="notice" role="status">
      {assignment ? describe(assignment) : 'No other agent is free. The chat stays yours.'}
    </p>
  );
}

function describe({ agent, attempt, maxAttempts }: ChatAssignment): string {
  const name = agent ? (agent.name ?? agent.id) : 'another agent';
  const count = attempt && maxAttempts ? ` (${attempt} of ${maxAttempts})` : '';
  return `Offered to ${name}${count}. The chat stays yours until somebody takes it.`;
}
