import type {
  Chat as ChatData,
  ChatActivity,
  ChatUser,
  HistoryEntry,
  JsonValue,
  Message,
} from '@parley/contract/types';

import type { SubscribeOptions } from '../events.ts';
import type { ActivityInput } from './activity-monitor.ts';
import type { ChatEvents } from './chat-events.ts';
import type { ChatAssignment } from './chat-state.ts';
import type { CloseOptions } from './closing.ts';
import type { ImportOptions, ImportResult } from './import-history.ts';
import type { PendingMessage } from './messages.ts';
import type { SearchOptions, SearchResult } from './search.ts';
import type { SendMessageOptions } from './send-message.ts';

export interface HistoryOptions {
  /** The id of the message before which the page ends; the oldest one that is kept unless told. */
  before?: string | undefined;
  /** The most messages to return; 50 unless told. */
  limit?: number | undefined;
}

/** One chat as its user sees it, up to date until it is disposed. Every function works without `this`. */
export interface Chat extends ChatData, Disposable {
  readonly closed: boolean;
  /**
   * Whether the user has left the chat, or may not see it any more. It ends the object: everything stays as it was
   * seen last. Whoever comes back to the chat opens it again.
   */
  readonly gone: boolean;
  /** The search for an agent, while one runs. Customers know of one that they began, and see no agent in it. */
  readonly assignment: ChatAssignment | undefined;
  /** Those who take part. */
  readonly users: ChatUser[];
  /** Those who look on; customers do not see them. */
  readonly watchers: ChatUser[];
  /** What is kept of the messages, oldest first: without gap up to the newest, and further back with `history`. */
  readonly messages: readonly Message[];
  /** One's own messages that are not among the others yet: on their way, or failed. */
  readonly pending: readonly PendingMessage[];
  /** How many messages of others the user has not read. */
  readonly unread: number;
  /** Which of the others write or have a draft now; nobody while there is no connection. */
  readonly activity: ChatActivity[];

  /** Runs the listener each time it happens, until the returned function is called. */
  on<Name extends keyof ChatEvents>(
    name: Name,
    listener: (data: ChatEvents[Name]) => void,
    options?: SubscribeOptions,
  ): () => void;

  /**
   * Looks for an agent and resolves when the assignment ends; when one is running already, with the end of that one.
   * Rejects when the server refuses to look.
   */
  searchAgent(algorithmOrOptions?: string | SearchOptions): Promise<SearchResult>;

  /**
   * Sends a message. It is among `pending` until the server has confirmed it; resolves with the confirmed one, or
   * rejects with a `MessageError`, which has what to send again or to discard.
   */
  sendMessage(message: Message['message'], options?: SendMessageOptions): Promise<Message>;

  /** Marks everything up to a message as read. */
  readMessage(messageId: string): Promise<void>;

  sendUserActivity(type: ChatActivity['type']): Promise<void>;

  /** Tells the others what the user does in a text field, until the returned function is called or the chat ends. */
  monitorActivity(input: ActivityInput): () => void;

  /** Puts external history before the live messages, in as many parts as it takes. */
  importHistory(history: readonly HistoryEntry[], options?: ImportOptions): Promise<ImportResult>;

  /** A page of history, oldest first. It is kept when it joins on to the messages that are. */
  history(options?: HistoryOptions): Promise<Message[]>;

  /** Ends the chat for good; false when it was closed already. */
  close(given?: CloseOptions | { [key: string]: JsonValue }): Promise<boolean>;

  /** Nothing is heard of the chat from now on. The chat itself goes on. */
  dispose(): void;
}
