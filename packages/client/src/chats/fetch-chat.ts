import type { ChatView, Message } from '@parley/contract/types';

import type { Connection } from './connection.ts';

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

/** How many messages one fetch brings. */
const pageSize = 50;

/** Fetches a chat with its users and newest messages. */
export async function fetchChat(
  { send }: Pick<Connection, 'send'>,
  chatId: string,
  { signal, after = Infinity }: FetchOptions,
): Promise<FetchedChat> {
  const fetch = (fields: string, before?: string) => {
    const data = { chatId, fields, limit: pageSize, before };
    return send('chats:get', data, { signal });
  };

  const { chat: view, cursor } = await fetch('users,watchers,history');
  let page = view.history ?? [];
  const history = [...page];
  while (page.length === pageSize && (page[0]?.seq ?? 0) > after) {
    page = (await fetch('history', page[0]?.id)).chat.history ?? [];
    history.unshift(...page);
  }
  return { view, history, cursor: Number(cursor) };
}
