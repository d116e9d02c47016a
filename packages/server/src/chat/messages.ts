import messagesNew from '@parley/contract/events/messages-new';
import messagesRead from '@parley/contract/events/messages-read';
import type { JsonValue } from '@parley/contract';
import type { Message } from '@parley/contract/types';

import { EventError } from '../event-error.ts';
import { type Decision, occur } from './decision.ts';
import { memberOf } from './lifecycle.ts';
import type { Member, UserRef } from './state.ts';

/** The most of a message that an invitation shows. */
const previewLength = 200;

/** A message's id is its place, so that it needs no index of its own. */
export function messageIdOf(chatId: string, seq: number): string {
  return `${chatId}.${seq}`;
}

/** The chat and seq of a message id; undefined when it is none. */
export function placeOfMessage(messageId: string): { chatId: string; seq: number } | undefined {
  const match = /^(.+)\.(0|-?[1-9]\d{0,14})$/.exec(messageId);
  return match?.[1] && match[2] ? { chatId: match[1], seq: Number(match[2]) } : undefined;
}

export interface NewMessage {
  message: string | { [key: string]: JsonValue };
  type: 'text' | 'object';
  visibility: 'all' | 'agents';
}

/** Writes a message. Members write, and services without being members; watchers do not take part. */
export function writeMessage(decision: Decision, user: UserRef, message: NewMessage): Message {
  const { chat, now } = decision;
  if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
  const member = memberOf(chat, user.id);
  const mayWrite = member ? member.as === 'member' : user.role === 'service';
  if (!mayWrite || (user.role === 'customer' && message.visibility === 'agents')) {
    throw new EventError('FORBIDDEN');
  }
  const seq = chat.seq + 1;
  const { id, name, role } = user;
  const written: Message = {
    id: messageIdOf(chat.id, seq),
    chatId: chat.id,
    seq,
    sender: name === undefined ? { id, role } : { id, name, role },
    ...message,
    created: new Date(now),
  };
  chat.lastMessageAt = now;
  if (role === 'customer' && typeof message.message === 'string') {
    chat.preview = message.message.slice(0, previewLength);
  }
  const to = message.visibility === 'agents' ? { agents: chat.id } : { chat: chat.id };
  occur(decision, messagesNew, { message: written }, to);
  return written;
}

/** Moves the user's read mark forward to a message; moving back changes nothing. Returns the mark. */
export function readUpTo(decision: Decision, userId: string, message: Message): number {
  const { chat } = decision;
  const { id: messageId, seq, visibility } = message;
  const member = memberOf(chat, userId);
  if (!member) throw new EventError('FORBIDDEN');
  if (seq <= member.readSeq) return member.readSeq;
  member.readSeq = seq;
  occur(
    decision,
    messagesRead,
    { chatId: chat.id, userId, messageId, readSeq: seq },
    hearersOfMark(chat.id, member, visibility),
  );
  return seq;
}

/** A watcher's marks are private, and nobody learns of a hidden message by a mark on it. */
function hearersOfMark(chatId: string, { as, userId }: Member, visibility: Message['visibility']) {
  if (as === 'watcher') return { user: userId };
  return visibility === 'agents' ? { agents: chatId } : { chat: chatId };
}
