import { Avatar } from '../avatar.tsx';
import { Conversation } from '../chat/conversation.tsx';
import { type ChatState, nameOf } from '../chat-state.ts';
import type { Connection } from '../connection.ts';
import { Failure } from '../failure.tsx';
import { useAttempt } from '../use-attempt.ts';
import type { Chats } from '../use-chats.ts';

export interface AgentChatProps {
  chat: ChatState;
  connection: Connection;
  written: Chats['written'];
  onPutAway(): void;
}

/** One chat as its agent works on it. */
export function AgentChat({ chat, connection, written, onPutAway }: AgentChatProps) {
  const { send } = connection;
  const { attempt, busy, failure } = useAttempt();
  const { id: chatId, customerId, status, closeReason } = chat;
  const name = nameOf(chat, customerId);

  return (
    <>
      <header className="chat-head">
        <p className="peer">
          <Avatar name={name} side="customer" />
          <span>
            <strong>{name}</strong>
            <small>{describe(chat)}</small>
          </span>
        </p>
        {status === 'closed' ? (
          <button type="button" onClick={onPutAway}>
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
              onClick={() => attempt(() => send('chats:close', { chatId, reason: 'resolved' }))}
            >
              Close
            </button>
          </div>
        )}
      </header>
      <Failure of={failure} />
      <TransferNotice chat={chat} />
      <Conversation chat={chat} connection={connection} written={written} />
      {status === 'closed' ? (
        <footer className="closed">
          <p role="status">The chat is closed: {closeReason}.</p>
        </footer>
      ) : null}
    </>
  );
}

/** Where the chat is, and whether its customer is there. */
function describe({ room, customerId, offline, viewers }: ChatState): string {
  if (offline.includes(customerId)) return `in ${room} · offline`;
  return viewers.includes(customerId) ? `in ${room} · looking at the chat` : `in ${room}`;
}

function TransferNotice({ chat: { search } }: { chat: ChatState }) {
  if (search === 'none') return null;
  return (
    <p className="notice" role="status">
      {search === 'running'
        ? 'Offered to another agent. The chat stays yours until somebody takes it.'
        : 'No other agent is free. The chat stays yours.'}
    </p>
  );
}
