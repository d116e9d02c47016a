import type { Occurrence } from '@parley/contract/wire';
import type { ListenEvents } from '@parley/contract/types';

import type { Activity } from './activity.ts';
import type { Emit } from './chat-events.ts';
import type { ChatState } from './chat-state.ts';
import type { Messages } from './messages.ts';
import type { AssignmentEnd, Search } from './search.ts';

/** What a chat hears of. What is durable is heard from the position where the chat was fetched; the rest only live. */
export const durableEvents = [
  'messages:new',
  'messages:read',
  'chats:join',
  'chats:leave',
  'chats:assign',
  'chats:toinbox',
  'chats:close',
  'invitations:accept',
  'invitations:reject',
  'invitations:expire',
  'forever:alone',
  'history:import',
] as const satisfies (keyof ListenEvents)[];

export const liveEvents = ['users:activity'] as const satisfies (keyof ListenEvents)[];

export type HeardEvent = (typeof durableEvents)[number] | (typeof liveEvents)[number];

/** The parts of a chat that change by what is heard. */
export interface HearingChat {
  state: ChatState;
  messages: Messages;
  activity: Activity;
  userId: string | undefined;
  emit: Emit;
  searches: ReadonlySet<Search>;
  /** Has what cannot be heard fetched. */
  refresh(): void;
}

type Hear<Name extends HeardEvent> = (
  chat: HearingChat,
  data: ListenEvents[Name]['data'],
  occurrence: Occurrence<Name, ListenEvents[Name]['data']>,
) => void;

/** What each event makes of a chat, and what its listeners are told. */
export const hear: { [Name in HeardEvent]: Hear<Name> } = {
  'messages:new'({ messages, emit }, data, { cause }) {
    const { message } = data;
    if (cause !== undefined) messages.confirm(cause, message);
    if (messages.add([message]).length > 0) emit('message:received', data);
  },

  'messages:read'({ state, emit }, data) {
    state.read(data.userId, data.readSeq);
    emit('message:read', data);
  },

  'chats:join'({ state, emit }, data, { position = 0 }) {
    const { user } = data;
    state.join(user, position);
    emit('user:joined', data);
    const { agentId } = state.standing;
    const helps = user.role === 'supervisor' || (user.role === 'agent' && user.id !== agentId);
    if (helps && user.as === 'member') emit('chat:intervened', data);
  },

  'chats:leave'({ state, emit }, data, { position = 0 }) {
    state.leave(data.user, position);
    emit('user:left', data);
  },

  'chats:assign'({ state, emit }, data, { position = 0 }) {
    const { chatId: _, ...assignment } = data;
    state.assign(assignment, position);
    emit('agent:invited', data);
  },

  'chats:toinbox'({ state, searches }, { room, reason }, { position = 0 }) {
    state.queue(room, position);
    if (reason !== 'sent') return;
    state.assign(undefined, position);
    endSearches(searches, { agent: null, reason: 'superseded' });
  },

  'chats:close'({ state, emit, searches }, data, { at, position = 0 }) {
    state.close(data, at, position);
    emit('chat:closed', data);
    endSearches(searches, { agent: null, reason: 'closed' });
  },

  'invitations:accept'({ state, searches }, { agent }, { position = 0 }) {
    state.own(agent.id, position);
    endSearches(searches, { agent });
  },

  'invitations:reject': uninvite,

  'invitations:expire': uninvite,

  'forever:alone'({ state, emit, searches }, data, { position = 0 }) {
    state.assign(undefined, position);
    emit('forever:alone', data);
    const { assignmentId, reason } = data;
    endSearches(searches, { agent: null, reason, assignmentId });
  },

  'history:import'({ messages, refresh }) {
    messages.dropImported();
    refresh();
  },

  'users:activity'({ activity, userId, emit }, data) {
    if (data.userId === userId) return;
    if (activity.hear(data.userId, data.type)) emit('user:activity', data);
  },
};

function uninvite({ state }: HearingChat, _data: object, { position = 0 }: Occurrence) {
  state.uninvite(position);
}

function endSearches(searches: ReadonlySet<Search>, end: AssignmentEnd): void {
  for (const search of searches) search.hear(end);
}
