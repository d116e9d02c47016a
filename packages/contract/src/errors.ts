import * as z from 'zod';

/** A code that a send can be refused with, and the shape of the data that comes with it. */
export interface ErrorDefinition<
  Code extends string = string,
  Data extends z.ZodType | undefined = z.ZodType | undefined,
> {
  readonly code: Code;
  /** One clear sentence that says what happened and what to do. */
  readonly message: string;
  readonly data: Data;
  /** Whether the same send may succeed later without a change. */
  readonly retryable: boolean;
}

/** Declares an error code. The core's own codes are {@link errors}; teams add theirs the same way. */
export function defineError<
  const Code extends string,
  Data extends z.ZodType | undefined = undefined,
>(
  code: Code,
  definition: { message: string; data?: Data; retryable?: boolean },
): ErrorDefinition<Code, Data> {
  const { message, data, retryable = false } = definition;
  return { code, message, data: data as Data, retryable };
}

const Issue = z.strictObject({
  path: z.array(z.union([z.string(), z.number()])),
  message: z.string(),
});

/** Codes that every event can be refused with, whatever it declares. */
export const commonErrors = {
  VALIDATION: defineError('VALIDATION', {
    message: 'The data does not fit the event. Correct the fields named in data.issues.',
    data: z.strictObject({ issues: z.array(Issue) }),
  }),
  UNAUTHORIZED: defineError('UNAUTHORIZED', {
    message: 'The token is missing, expired or not valid. Connect again with a fresh token.',
  }),
  IDEMPOTENCY_CONFLICT: defineError('IDEMPOTENCY_CONFLICT', {
    message: 'This key was used before with other data. Use a new key for each send.',
  }),
  TOO_LARGE: defineError('TOO_LARGE', {
    message: 'The frame is larger than the server accepts. Send less at once.',
  }),
  RATE_LIMITED: defineError('RATE_LIMITED', {
    message: 'Too many sends in a short time. Wait retryAfterMs and send again.',
    retryable: true,
  }),
  OVERLOADED: defineError('OVERLOADED', {
    message: 'The server has more work than it can do now. Wait retryAfterMs and send again.',
    retryable: true,
  }),
  TIMEOUT: defineError('TIMEOUT', {
    message: 'No reply came in time. Send again with the same key; it takes effect only once.',
    retryable: true,
  }),
  DISCONNECTED: defineError('DISCONNECTED', {
    message: 'The connection is closed. Send again when the status is open.',
    retryable: true,
  }),
  INTERNAL: defineError('INTERNAL', {
    message: 'The server failed. Report the errorId; it is in the server log.',
    retryable: true,
  }),
};

/** Codes an event may declare in its `errors`. */
export const declarableErrors = {
  FORBIDDEN: defineError('FORBIDDEN', { message: 'Your role may not do this here.' }),
  NOT_FOUND: defineError('NOT_FOUND', {
    message: 'There is no such thing, or you may not see it. Check the id.',
  }),
  CHAT_CLOSED: defineError('CHAT_CLOSED', {
    message: 'The chat is closed. Create a new one.',
  }),
  CHAT_EXISTS: defineError('CHAT_EXISTS', {
    message: 'The customer already has an open chat. Use the one named in data.chatId.',
    data: z.strictObject({ chatId: z.string() }),
  }),
  CHAT_TAKEN: defineError('CHAT_TAKEN', {
    message: 'Another agent has taken the chat.',
  }),
  AT_CAPACITY: defineError('AT_CAPACITY', {
    message: 'The agent has as many chats as the capacity allows. Close one or raise the capacity.',
  }),
  ASSIGNMENT_RUNNING: defineError('ASSIGNMENT_RUNNING', {
    message: 'The chat is being assigned already. Wait for its end.',
    data: z.strictObject({ assignmentId: z.string() }),
  }),
  UNKNOWN_ALGORITHM: defineError('UNKNOWN_ALGORITHM', {
    message: 'There is no such algorithm. Use one of data.known.',
    data: z.strictObject({ known: z.array(z.string()) }),
  }),
  INVITATION_ENDED: defineError('INVITATION_ENDED', {
    message: 'The invitation has ended.',
    data: z.strictObject({ state: z.enum(['accepted', 'rejected', 'expired']) }),
  }),
};

/** Codes that listening can be refused with, beside the common ones. */
export const listenErrors = {
  RESYNC: defineError('RESYNC', {
    message:
      'Nobody can go on from this position here. Fetch what is there now, and listen without a position.',
    data: z.strictObject({ reason: z.enum(['store', 'retention']) }),
  }),
};

/** Every error code of the core. */
export const errors = { ...commonErrors, ...declarableErrors, ...listenErrors };

export type CommonErrorCode = keyof typeof commonErrors;
export type DeclarableErrorCode = keyof typeof declarableErrors;
export type ErrorCode = CommonErrorCode | DeclarableErrorCode | keyof typeof listenErrors;
