export { connect } from './connect.ts';
export type { ConnectOptions } from './connect.ts';
export type { Environment, Random, Scheduler } from './environment.ts';
export { EventError, isEventError } from './errors.ts';
export type { EventErrorOf } from './errors.ts';
export type {
  Events,
  Listener,
  ListenOptions,
  OnceOptions,
  SendOptions,
  SubscribeOptions,
} from './events.ts';
export type { Resending } from './outbox.ts';
export type { DeprecatedUse, Status } from './status.ts';

export type { Actor, Occurrence, Replied } from '@parley/contract/wire';
export type {
  Agent,
  Chat,
  ChatActivity,
  ChatSummary,
  ChatUser,
  ChatView,
  CommonErrors,
  Consideration,
  HistoryEntry,
  ImportError,
  InvitationPreview,
  JsonValue,
  ListenEvents,
  Message,
  RunningAssignment,
  SendEvents,
  Sender,
  User,
  UserName,
} from '@parley/contract/types';
