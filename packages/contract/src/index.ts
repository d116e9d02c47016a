export { defineEvent } from './define-event.ts';
export type {
  Deprecation,
  EventDefinition,
  ListenableEvent,
  ListenHalf,
  Replacement,
  SendableEvent,
  SendHalf,
} from './define-event.ts';
export { commonErrors, declarableErrors, defineError, errors } from './errors.ts';
export type { CommonErrorCode, DeclarableErrorCode, ErrorCode, ErrorDefinition } from './errors.ts';
export type { Holds, InferredErrors, Same, SameEvent } from './flat-types.ts';
export type { Fixtures } from './fixtures.ts';
export { audiences, roles } from './roles.ts';
export type { Audience, Role } from './roles.ts';
export type { EventRouter } from './router.gen.ts';
export type { EventRouterOf } from './router.ts';
export type * from './wire.ts';
export type { CommonErrors, ListenEvents, SendEvents } from './types.gen.ts';

export * from './schemas/agent.ts';
export * from './schemas/bounds.ts';
export * from './schemas/chat.ts';
export * from './schemas/history.ts';
export * from './schemas/message.ts';
export * from './schemas/room.ts';
export * from './schemas/user.ts';
