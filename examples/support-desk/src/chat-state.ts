import type { ChatUser, ChatView, ListenEvents, Message } from '@parley/client';

/** Whether an agent is being looked for. On an active chat that is a transfer. */
export type Search = 'none' | 'running' | 'failed';

/** A chat as one of its users sees it now. */
export interface ChatState extends ChatView {
  users: ChatUser[];
  history: Message[];
  search: Search;
  place?: ListenEvents['queues:update']['data'] | undefined;
  /** Everybody who has the chat in view; customers do not hear of it. */
  viewers: string[];
  /** Users who have lost their connection. */
  offline: string[];
}

/** The events that change how a chat looks. */
export const chatEvents = [
  'messages:new',
  'messages:read',
  'users:activity',
  'users:presence',
  'user:focus',
  'queues:update',
  'chats:assign',
  'chats:join',
  'chats:leave',
  'chats:toinbox',
  'chats:close',
  'invitations:accept',
  'forever:alone',
] as const satisfies (keyof ListenEvents)[];

export type ChatEvent = (typeof chatEvents)[number];

/** What each event makes of a chat. Hearing an occurrence twice changes nothing. */
export const hear: {
  [Name in ChatEvent]: (chat: ChatState, data: ListenEvents[Name]['data'], at: Date) => ChatState;
} = {
  'messages:new': (chat, { message }) => ({ ...chat, history: addMessage(chat.history, message) }),

  'messages:read': (chat, { userId, readSeq }) => ({
    ...chat,
    users: chat.users.map((user) =>
      user.id === userId ? { ...user, readSeq: Math.max(user.readSeq, readSeq) } : user,
    ),
  }),

  'users:activity': (chat, { userId, type }) => ({
    ...chat,
    activity: [...chat.activity.filter((each) => each.userId !== userId), { userId, type }],
  }),

  'users:presence': (chat, { userId, online }) => {
    const others = chat.offline.filter((each) => each !== userId);
    return { ...chat, offline: online ? others : [...others, userId] };
  },

  'user:focus': (chat, { viewers }) => ({ ...chat, viewers }),

  'queues:update': (chat, place) => ({ ...chat, place }),

  'chats:assign': (chat) => ({ ...chat, search: 'running' }),

  'chats:join': (chat, { user }) => ({ ...chat, users: [...without(chat.users, user), user] }),

  'chats:leave': (chat, { user }) => ({ ...chat, users: without(chat.users, user) }),

  'chats:toinbox': (chat, { room, reason }) => ({
    ...chat,
    room,
    status: 'waiting',
    agentId: undefined,
    search: reason === 'sent' ? 'none' : 'running',
  }),

  'chats:close': (chat, { reason, extraData }, at) => ({
    ...chat,
    status: 'closed',
    search: 'none',
    closedAt: at,
    closeReason: reason,
    extraData,
  }),

  'invitations:accept': (chat, { agent }) => ({
    ...chat,
    status: 'active',
    agentId: agent.id,
    search: 'none',
  }),

  'forever:alone': (chat) => ({ ...chat, search: 'failed' }),
};

/** The state that a fetched chat starts from, or goes on from after a lost connection. */
export function chatState(view: ChatView, before?: ChatState): ChatState {
  return {
    search: 'none',
    viewers: [],
    offline: [],
    ...before,
    ...view,
    users: view.users ?? [],
    history: (view.history ?? []).reduce(addMessage, before?.history ?? []),
  };
}

/** Messages in the order of the chat, each once. */
export function addMessage(history: Message[], message: Message): Message[] {
  const others = history.filter(({ id }) => id !== message.id);
  return [...others, message].toSorted((left, right) => left.seq - right.seq);
}

/** The name to show for a user of the chat. */
export function nameOf(chat: ChatState, userId: string): string {
  return chat.users.find(({ id }) => id === userId)?.name ?? userId;
}

/** What the user has not read of others. */
export function unreadBy(chat: ChatState, userId: string): Message[] {
  const readSeq = chat.users.find(({ id }) => id === userId)?.readSeq ?? 0;
  return chat.history.filter(({ seq, sender }) => seq > readSeq && sender.id !== userId);
}

/** Whether somebody else it was meant for has read a message. */
export function isRead(chat: ChatState, { seq, sender, visibility }: Message): boolean {
  return chat.users.some(
    ({ id, role, readSeq }) =>
      id !== sender.id && readSeq >= seq && (visibility === 'all' || role !== 'customer'),
  );
}

function without(users: ChatUser[], { id }: ChatUser): ChatUser[] {
  return users.filter((user) => user.id !== id);
}
