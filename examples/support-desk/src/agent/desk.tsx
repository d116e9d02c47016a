import type { Chat } from '@parley/client/chats';
import { type ReactNode, useState } from 'react';

import type { Connection } from '../connection.ts';
import { useChats } from '../use-chats.ts';
import { useNewest } from '../use-newest.ts';
import { AgentChat } from './agent-chat.tsx';
import { ChatTabs } from './chat-tabs.tsx';
import { DeskBar } from './desk-bar.tsx';
import { Invitations } from './invitations.tsx';
import { useAgent } from './use-agent.ts';
import { useInvitations } from './use-invitations.ts';

export interface DeskProps {
  connection: Connection;
  /** What to show while the agent is not logged in to routing. */
  otherwise: ReactNode;
  onLogOut(): void;
}

/** Invitations on top, the agent's chats below. */
export function Desk({ connection, otherwise, onLogOut }: DeskProps) {
  const { agent, isKnown } = useAgent(connection);
  const { invitations, end } = useInvitations(connection);
  const chats = useChats(connection) ?? [];
  const focus = useNewest(connection.client, 'user:focus', ({ chatId }) => chatId);
  const presence = useNewest(connection.client, 'users:presence', ({ userId }) => userId);
  const [chosenId, setChosenId] = useState<string>();
  const shown = chats.find(({ id }) => id === chosenId) ?? chats.at(-1);
  const open = chats.filter(({ closed }) => !closed);

  function describe({ id, room, customerId }: Chat): string {
    if (presence[customerId]?.online === false) return `in ${room} · offline`;
    const isLooking = focus[id]?.viewers.includes(customerId);
    return isLooking ? `in ${room} · looking at the chat` : `in ${room}`;
  }

  if (!isKnown) return <p className="empty">Connecting…</p>;
  if (!agent) return otherwise;

  return (
    <>
      <DeskBar agent={agent} connection={connection} openChats={open.length} onLogOut={onLogOut} />
      <Invitations
        invitations={invitations}
        connection={connection}
        onAccept={setChosenId}
        onEnd={end}
      />
      {shown ? (
        <ChatTabs chats={chats} shownId={shown.id} onChoose={setChosenId} />
      ) : (
        <p className="empty">
          No chats yet. When a customer asks for an agent, the invitation appears here.
        </p>
      )}
      {chats.map((chat) => (
        <div key={chat.id} className="agent-chat" hidden={chat !== shown}>
          <AgentChat chat={chat} connection={connection} whereabouts={describe(chat)} />
        </div>
      ))}
    </>
  );
}
