import type { Chat } from '@parley/client/chats';
import { useRef } from 'react';

import type { Connection } from '../connection.ts';
import { nameOf } from '../name-of.ts';
import { useInView } from '../use-in-view.ts';
import { useStatus } from '../use-status.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { useAttention } from './use-attention.ts';
import { Writing } from './writing.tsx';

export interface ConversationProps {
  chat: Chat;
  connection: Connection;
}

/** The messages of a chat, who is writing, and the field to write in. */
export function Conversation({ chat, connection: { user, client } }: ConversationProps) {
  const element = useRef<HTMLDivElement>(null);
  const isOpen = useStatus(client)?.state === 'open';
  useAttention(chat, client, useInView(element) && isOpen);
  const [writer] = chat.activity;

  return (
    <div className="conversation" ref={element}>
      <MessageList chat={chat} userId={user.id} />
      <p className="writer" aria-live="polite">
        {writer ? <Writing name={nameOf(chat, writer.userId)} type={writer.type} /> : null}
      </p>
      {chat.closed ? null : <Composer chat={chat} mayNote={user.role === 'agent'} />}
    </div>
  );
}
