import type { ChatUser, Message } from '@parley/client';
import type { Chat } from '@parley/client/chats';

import { formatTime } from '../format.ts';
import { PendingBubble } from './pending-bubble.tsx';
import { textOf } from './text-of.ts';

export interface MessageListProps {
  chat: Chat;
  userId: string;
}

/** Messages and arrivals in the order they happened; what is on its way or failed comes last. */
export function MessageList({ chat, userId }: MessageListProps) {
  const agents = chat.users.filter(({ role }) => role !== 'customer');
  const lines = [
    ...chat.messages.map((message) => ({ at: message.created, message })),
    ...agents.map((arrival) => ({ at: arrival.joinedAt, arrival })),
  ].toSorted((left, right) => left.at.getTime() - right.at.getTime());

  return (
    <div className="messages" role="log" aria-label="Messages" aria-live="polite">
      <ol>
        {lines.map((line) =>
          'message' in line ? (
            <Bubble
              key={line.message.id}
              message={line.message}
              isOwn={line.message.sender.id === userId}
              isRead={isReadIn(chat, line.message)}
            />
          ) : (
            <Arrival key={line.arrival.id} user={line.arrival} isOwn={line.arrival.id === userId} />
          ),
        )}
        {chat.pending.map((pending) => (
          <PendingBubble key={pending.key} pending={pending} />
        ))}
      </ol>
    </div>
  );
}

interface BubbleProps {
  message: Message;
  isOwn: boolean;
  isRead: boolean;
}

function Bubble({ message: { message, sender, created, visibility }, isOwn, isRead }: BubbleProps) {
  return (
    <li className={`bubble ${isOwn ? 'own' : sender.role} ${visibility}`}>
      {isOwn ? null : <strong>{sender.name ?? sender.id}</strong>}
      <p>{textOf(message)}</p>
      <small>
        {visibility === 'agents' ? 'Only agents see this · ' : null}
        <time dateTime={created.toISOString()}>{formatTime(created)}</time>
        {isOwn ? <Mark isRead={isRead} /> : null}
      </small>
    </li>
  );
}

function Mark({ isRead }: { isRead: boolean }) {
  return (
    <span
      className={isRead ? 'mark read' : 'mark'}
      role="img"
      aria-label={isRead ? 'Read' : 'Sent'}
    >
      {isRead ? '✓✓' : '✓'}
    </span>
  );
}

function Arrival({ user, isOwn }: { user: ChatUser; isOwn: boolean }) {
  return <li className="arrival">{isOwn ? 'You' : (user.name ?? user.id)} joined</li>;
}

/** Whether somebody else it was meant for has read a message. */
function isReadIn({ users }: Chat, { seq, sender, visibility }: Message): boolean {
  return users.some(
    ({ id, role, readSeq }) =>
      id !== sender.id && readSeq >= seq && (visibility === 'all' || role !== 'customer'),
  );
}
