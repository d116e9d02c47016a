import type { ReactNode } from 'react';

import { Avatar } from '../avatar.tsx';
import { Conversation } from '../chat/conversation.tsx';
import { type ChatState, nameOf } from '../chat-state.ts';
import type { Connection } from '../connection.ts';
import { Failure } from '../failure.tsx';
import { useAttempt } from '../use-attempt.ts';
import { useChats } from '../use-chats.ts';
import { useSearch } from './use-search.ts';
import { Waiting } from './waiting.tsx';

export interface CustomerChatProps {
  connection: Connection;
  /** What to show while there is no chat. */
  otherwise: ReactNode;
}

/** The customer's newest chat, from the queue to its end. */
export function CustomerChat({ connection, otherwise }: CustomerChatProps) {
  const { send } = connection;
  const { chats, written, searched, putAway } = useChats(connection);
  const { attempt, failure } = useAttempt();
  const chat = chats?.at(-1);
  const { search, failure: searchFailure } = useSearch(chat, connection, searched);

  if (!chats) return <p className="empty">Connecting…</p>;
  if (!chat) return otherwise;

  return (
    <>
      <header className="chat-head">
        <Peer chat={chat} />
        {chat.status === 'closed' ? null : (
          <button
            type="button"
            onClick={() => attempt(() => send('chats:close', { chatId: chat.id }))}
          >
            Close chat
          </button>
        )}
      </header>
      <Failure of={searchFailure ?? failure} />
      {chat.status === 'waiting' ? <Waiting chat={chat} onSearch={() => search(chat.id)} /> : null}
      <Conversation key={chat.id} chat={chat} connection={connection} written={written} />
      {chat.status === 'closed' ? (
        <footer className="closed">
          <p role="status">The chat is closed: {chat.closeReason}.</p>
          <button type="button" className="main" onClick={() => putAway(chat.id)}>
            Start a new chat
          </button>
        </footer>
      ) : null}
    </>
  );
}

/** Whom the customer talks to. */
function Peer({ chat }: { chat: ChatState }) {
  const { agentId, room, offline } = chat;
  if (agentId === undefined) {
    return (
      <p className="peer">
        <span>
          <strong>Your question</strong>
          <small>in {room}</small>
        </span>
      </p>
    );
  }
  const name = nameOf(chat, agentId);
  return (
    <p className="peer">
      <Avatar name={name} side="agent" />
      <span>
        <strong>{name}</strong>
        <small>
          in {room}
          {offline.includes(agentId) ? ' · offline' : ''}
        </small>
      </span>
    </p>
  );
}
