import { isEventError } from '../errors.ts';
import type { SubscribeOptions } from '../events.ts';
import type { Status } from '../status.ts';
import { firstOf } from '../first-of.ts';
import type { Chat } from './chat.ts';
import type { Connection } from './connection.ts';
import { createChat } from './create-chat.ts';
import type { LiveChat } from './live-chat.ts';
import { NamedListeners } from './named-listeners.ts';

/** What can be listened to on a list of chats, and what its listeners get. */
export interface ChatListEvents {
  /** The user is in a chat that was not in the list. */
  'chat:added': { chat: Chat };
  /** A chat is gone, or was disposed. */
  'chat:removed': { chat: Chat };
  /** Something that can be read from the list, or from one of its chats, may be different now. */
  'list:changed': { chats: readonly Chat[] };
}

/** The chats a user is in, up to date until the list is disposed. Every function works without `this`. */
export interface ChatList extends Disposable {
  /** Oldest first; another array whenever a chat comes or goes. A closed one stays until it is disposed. */
  readonly chats: readonly Chat[];
  /** How many messages of others the user has not read, in all of them. */
  readonly unread: number;

  /** Runs the listener each time it happens, until the returned function is called. */
  on<Name extends keyof ChatListEvents>(
    name: Name,
    listener: (data: ChatListEvents[Name]) => void,
    options?: SubscribeOptions,
  ): () => void;

  /** Disposes the chats of the list, too. */
  dispose(): void;
}

export interface ListOptions {
  /** Its abort disposes the list; before there is one, it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface ChatListContext {
  connection: Connection;
  open(chatId: string, options: { signal: AbortSignal }): Promise<LiveChat>;
}

/** Opens the chats the user is in, now and later. The server says which; what is heard says when to ask again. */
export async function createChatList(
  { connection, open }: ChatListContext,
  { signal }: ListOptions = {},
): Promise<ChatList> {
  const { send, subscribe, onStatus, ended, environment } = connection;
  const { report } = environment;
  const end = new AbortController();
  const life = firstOf(end.signal, ended, signal);
  const { add: on, emit } = new NamedListeners<ChatListEvents>({ report, life });
  const dispose = () => end.abort();
  let chats: readonly Chat[] = [];
  let isFetching = false;
  /** Whether something was heard that the fetch under way may be too early for. */
  let isStale = false;

  const changed = () => emit('list:changed', { chats });

  async function fetchAll() {
    isFetching = true;
    try {
      do {
        isStale = false;
        const reply = await send('users:chats', {}, { signal: life });
        await Promise.all(reply.chats.map(({ id }) => openMissing(id)));
      } while (isStale);
    } finally {
      isFetching = false;
    }
  }

  function refresh() {
    if (isFetching) isStale = true;
    else fetchAll().catch(reportAlive);
  }

  function reportAlive(error: unknown) {
    if (!life.aborted) report(error);
  }

  async function openMissing(chatId: string) {
    if (chats.some(({ id }) => id === chatId)) return;
    try {
      keep(await open(chatId, { signal: life }));
    } catch (error) {
      // Whoever has left it meanwhile may not see it any more.
      if (!isEventError(error) || error.code !== 'NOT_FOUND') reportAlive(error);
    }
  }

  function keep(live: LiveChat) {
    if (life.aborted || !live.isIn) return live.end();
    const chat = createChat(connection, live);
    live.listeners.add('chat:changed', changed);
    live.life.addEventListener('abort', () => {
      chats = chats.filter((each) => each !== chat);
      emit('chat:removed', { chat });
      changed();
    });
    chats = [...chats, chat].toSorted(byAge);
    emit('chat:added', { chat });
    changed();
  }

  life.addEventListener('abort', () => {
    for (const chat of chats) chat.dispose();
  });
  const refreshFor = (userId: string) => {
    if (userId === connection.userId) refresh();
  };
  subscribe('chats:join', ({ user }) => refreshFor(user.id), { signal: life });
  subscribe('chats:create', ({ chat }) => refreshFor(chat.customerId), { signal: life });
  const opened = ({ state }: Status) => {
    if (state === 'open') refresh();
  };
  onStatus(opened, { signal: life });

  try {
    await fetchAll();
  } catch (error) {
    dispose();
    throw error;
  }
  life.throwIfAborted();

  return {
    get chats() {
      return chats;
    },
    get unread() {
      return chats.reduce((sum, { unread }) => sum + unread, 0);
    },
    on,
    dispose,
    [Symbol.dispose]: dispose,
  };
}

function byAge(left: Chat, right: Chat): number {
  return left.createdAt.getTime() - right.createdAt.getTime();
}
