import type { Chat } from '@parley/client/chats';

import { Avatar } from '../avatar.tsx';
import { Conversation } from '../chat/conversation.tsx';
import type { Connection } from '../connection.ts';
import { Failure } from '../failure.tsx';
import { nameOf } from '../name-of.ts';
import { useAttempt } from '../use-attempt.ts';
import { Waiting } from './waiting.tsx';

export interface CustomerChatProps {
  chat: Chat;
  connection: Connection;
  /** How many are ahead in the queue. */
  queuePosition: number | undefined;
  /** Whether the agent has lost the connection. */
  isAgentOffline: boolean;
}

/** The customer's newest chat, from the queue to its end. */
export function CustomerChat(props: CustomerChatProps) {
  const { chat, connection, queuePosition, isAgentOffline } = props;
  const { attempt, failure } = useAttempt();

  return (
    <>
      <header className="chat-head">
        <Peer chat={chat} isOffline={isAgentOffline} />
        {chat.closed ? null : (
          <button type="button" onClick={() => attempt(() => chat.close())}>
            Close chat
          </button>
        )}
      </header>
      <Failure of={failure} />
      {chat.status === 'waiting' ? <Waiting chat={chat} queuePosition={queuePosition} /> : null}
      <Conversation chat={chat} connection={connection} />
      {chat.closed ? (
        <footer className="closed">
          <p role="status">The chat is closed: {chat.closeReason}.</p>
          <button type="button" className="main" onClick={chat.dispose}>
            Start a new chat
          </button>
        </footer>
      ) : null}
    </>
  );
}

/** Whom the customer talks to. */
function Peer({ chat, isOffline }: { chat: Chat; isOffline: boolean }) {
  const { agentId, room } = chat;
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
          {isOffline ? ' · offline' : ''}
        </small>
      </span>
    </p>
  );
}
