import { setTimeout } from 'node:timers/promises';

import { type Events, isEventError, type ListenEvents, type SendEvents } from '@parley/client';

export interface MessageToSend {
  chatId: string;
  message: string;
}

/** Sends with the same key until there is a definite reply, and what goes to one chat in order. */
export function persistently(events: Events<SendEvents, ListenEvents>) {
  const lastOf = new Map<string, Promise<unknown>>();

  async function sendUntilAnswered(data: MessageToSend, key: string) {
    for (;;) {
      try {
        return await events.send('messages:send', data, { key });
      } catch (error) {
        if (!isEventError(error) || !error.retryable || events.ended.aborted) throw error;
        await setTimeout(error.retryAfterMs ?? 0);
      }
    }
  }

  return (data: MessageToSend, key: string) => {
    const before = lastOf.get(data.chatId) ?? Promise.resolve();
    const send = () => sendUntilAnswered(data, key);
    const reply = before.then(send, send);
    lastOf.set(data.chatId, reply);
    return reply;
  };
}
