import type { ChatActivity } from '@parley/client';
import { useRef, useState } from 'react';

import { type ChatState, nameOf } from '../chat-state.ts';
import { shortId, type Connection } from '../connection.ts';
import { Failure } from '../failure.tsx';
import { useAttempt } from '../use-attempt.ts';
import type { Chats } from '../use-chats.ts';
import { useInView } from '../use-in-view.ts';
import { useStatus } from '../use-status.ts';
import { Composer, type Draft } from './composer.tsx';
import { MessageList, type PendingMessage } from './message-list.tsx';
import { useAttention } from './use-attention.ts';
import { Writing } from './writing.tsx';

export interface ConversationProps {
  chat: ChatState;
  connection: Connection;
  written: Chats['written'];
}

/** The messages of a chat, who is writing, and the field to write in. */
export function Conversation({ chat, connection, written }: ConversationProps) {
  const { user, events, send, tell } = connection;
  const [pending, setPending] = useState<PendingMessage[]>([]);
  const { attempt, failure } = useAttempt();
  const element = useRef<HTMLDivElement>(null);
  const isOpen = useStatus(events)?.state === 'open';
  useAttention(chat, connection, useInView(element) && isOpen);
  // Without a connection, nobody knows who is writing.
  const writer = isOpen ? chat.activity.find((each) => isWriting(each, user.id)) : undefined;

  function write({ text, visibility }: Draft) {
    const id = shortId();
    setPending((before) => [...before, { id, text, visibility }]);
    return attempt(async () => {
      try {
        const { message } = await send('messages:send', {
          chatId: chat.id,
          message: text,
          visibility,
        });
        written(message);
      } finally {
        setPending((before) => before.filter((each) => each.id !== id));
      }
    });
  }

  return (
    <div className="conversation" ref={element}>
      <MessageList chat={chat} userId={user.id} pending={pending} />
      <p className="writer" aria-live="polite">
        {writer ? <Writing name={nameOf(chat, writer.userId)} type={writer.type} /> : null}
      </p>
      <Failure of={failure} />
      {chat.status === 'closed' ? null : (
        <Composer
          mayNote={user.role === 'agent'}
          onActivity={(type) => tell('users:activity', { chatId: chat.id, type })}
          onWrite={write}
        />
      )}
    </div>
  );
}

function isWriting({ userId, type }: ChatActivity, myId: string): boolean {
  return userId !== myId && type !== 'not-writing';
}
