import type { ChatUser, Message } from '@parley/client';

import { type ChatState, isRead as isReadIn } from '../chat-state.ts';
import { formatTime } from '../format.ts';

/** A message that is on its way. */
export interface PendingMessage {
  id: string;
  text: string;
  visibility: Message['visibility'];
}

export interface MessageListProps {
  chat: ChatState;
  userId: string;
  pending: PendingMessage[];
}

/** Messages and arrivals in the order they happened; what is on its way comes last. */
export function MessageList({ chat, userId, pending }: MessageListProps) {
  const agents = chat.users.filter(({ role }) => role !== 'customer');
  const lines = [
    ...chat.history.map((message) => ({ at: message.created, message })),
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
        {pending.map(({ id, text, visibility }) => (
          <li key={id} className={`bubble own pending ${visibility}`}>
            <p>{text}</p>
            <small>sending…</small>
          </li>
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
      <p>{typeof message === 'string' ? message : JSON.stringify(message)}</p>
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
