import type { Message } from '@parley/contract/types';

import { isEventError } from '../errors.ts';
import { createKey } from '../keys.ts';
import { firstOf } from '../first-of.ts';
import type { Connection } from './connection.ts';
import type { LiveChat } from './live-chat.ts';
import { MessageError } from './message-error.ts';
import type { PendingMessage } from './messages.ts';

export interface SendMessageOptions {
  /** Gets the message at once, before the server has it. */
  onPending?: ((pending: PendingMessage) => void) | undefined;
  /** `agents`: hidden from customers. */
  visibility?: Message['visibility'] | undefined;
  /** Its abort rejects with the signal's reason; the server may have the message all the same. */
  signal?: AbortSignal | undefined;
  /** The key of a message that failed before a reload, to send that one again and no second one. */
  key?: string | undefined;
}

/** Sends a message that is pending at once, then confirmed by its reply or occurrence, whichever comes first, or failed. */
export async function sendMessage(
  connection: Connection,
  chat: LiveChat,
  message: Message['message'],
  options: SendMessageOptions,
): Promise<Message> {
  const { send, environment } = connection;
  const { onPending, visibility = 'all', signal } = options;
  const { key = createKey(environment.random) } = options;
  const { id: chatId, messages, monitors } = chat;
  const type = typeof message === 'string' ? 'text' : 'object';
  const data = { chatId, message, type, visibility } as const;
  const discarded = new AbortController();
  const pending: PendingMessage = {
    ...data,
    key,
    created: new Date(environment.now()),
    state: 'pending',
    retry: () => sendMessage(connection, chat, message, { key, visibility }),
    discard() {
      discarded.abort();
      if (messages.discard(key)) chat.changed();
    },
  };
  messages.send(pending);
  for (const monitor of monitors) monitor.sent();
  chat.changed();
  try {
    onPending?.(pending);
    const over = firstOf(signal, discarded.signal);
    const reply = await send('messages:send', data, { key, signal: over });
    messages.confirm(key, reply.message);
    return reply.message;
  } catch (error) {
    // What was heard counts, also when its reply was lost.
    const confirmed = messages.confirmedAs(key);
    if (confirmed) return confirmed;
    const failed = { ...pending, state: 'failed', error } as const;
    messages.update(failed);
    throw isEventError(error) ? new MessageError(error, failed) : error;
  } finally {
    chat.changed();
  }
}
