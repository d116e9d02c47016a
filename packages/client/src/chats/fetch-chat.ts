import type { ChatView, Message } from '@parley/contract/types';

import type { Connection } from './connection.ts';
import { sendPersistently } from './send-persistently.ts';

export interface FetchedChat {
  view: ChatView;
  /** The newest messages, oldest first. */
  history: Message[];
  /** The position in the log up to which everything is in it. */
  cursor: number;
}

export interface FetchOptions {
  signal?: AbortSignal | undefined;
  /** The seq of the newest message that is known: everything after it is fetched, and not only a page. */
  after?: number | undefined;
}

/** Fetches a chat with its users and newest messages. */
export async function fetchChat(
  connection: Connection,
  chatId: string,
  { signal, after = Infinity }: FetchOptions,
): Promise<FetchedChat> {
  const fetch = (fields: string, before?: string) =>
    sendPersistently(connection, 'chats:get', { chatId, fields, before }, signal);

  const { chat: view, cursor } = await fetch('users,watchers,history');
  const history = [...(view.history ?? [])];
  for (let [oldest] = history; oldest && oldest.seq > after; [oldest] = history) {
    const { chat: earlier } = await fetch('history', oldest.id);
    if (!earlier.history?.length) break;
    history.unshift(...earlier.history);
  }
  return { view, history, cursor: Number(cursor) };
}
