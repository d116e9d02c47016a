export { MessageError } from './message-error.ts';
export { withChats } from './with-chats.ts';

export type { ActivityInput } from './activity-monitor.ts';
export type { Chat, HistoryOptions } from './chat.ts';
export type { ChatEvents } from './chat-events.ts';
export type { ChatList, ChatListEvents, ListOptions } from './chat-list.ts';
export type { ChatAssignment } from './chat-state.ts';
export type { Chats, OpenOptions } from './chats.ts';
export type { CloseOptions } from './closing.ts';
export type { ImportOptions, ImportProgress, ImportResult } from './import-history.ts';
export type { PendingMessage } from './messages.ts';
export type { SearchFailure, SearchOptions, SearchResult } from './search.ts';
export type { SendMessageOptions } from './send-message.ts';
