import type { SendEventsShape } from '@parley/contract/wire';
import type { CommonErrors, SendEvents } from '@parley/contract/types';

/** What an {@link EventError} is made from. */
export interface EventErrorOptions<Code extends string, Data> {
  code: Code;
  message: string;
  data?: Data;
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  errorId?: string | undefined;
  event?: string | undefined;
  cause?: unknown;
}

/** Why something could not be sent or heard. */
export class EventError<Code extends string = string, Data = unknown> extends Error {
  override readonly name = 'EventError';
  declare readonly code: Code;
  /** What comes with the code, such as the issues of `VALIDATION`. */
  declare readonly data: Data;
  /** Whether the same send may succeed later without a change. */
  readonly retryable: boolean = false;
  /** How long to wait before the next try, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;
  /** Finds the failure in the server's log. */
  declare readonly errorId: string | undefined;
  /** The name of the event that was sent or listened to; none when it is about them all. */
  declare readonly event: string | undefined;

  constructor({ message, cause, ...what }: EventErrorOptions<Code, Data>) {
    super(message, { cause });
    Object.assign(this, what);
  }
}

type ErrorsOf<Errors> = {
  [Code in keyof Errors & string]: EventError<Code, Errors[Code]>;
}[keyof Errors & string];

/** Every error a send of the event can reject with; `code` tells them apart. */
export type EventErrorOf<
  Name extends keyof Send,
  Send extends SendEventsShape<Send> = SendEvents,
> = ErrorsOf<Send[Name]['errors'] & CommonErrors>;

/** Whether it is an {@link EventError}; with a name, whether it is one of a send of that event, typed by its codes. */
export function isEventError(error: unknown): error is EventError;
export function isEventError<
  Name extends keyof Send & string,
  Send extends SendEventsShape<Send> = SendEvents,
>(error: unknown, name: Name): error is EventErrorOf<Name, Send>;
export function isEventError(error: unknown, name?: string): boolean {
  if (!(error instanceof EventError)) return false;
  // What is not about one event, such as a closed connection, can befall every send.
  return name === undefined || error.event === undefined || error.event === name;
}

/** Why there is no answer, and what to do. */
const disconnections = {
  closed: 'The client is closed. Connect again.',
  lost: 'The connection was lost. Send again if it is still meant.',
  offline: 'There is no connection. Send again when the status is open.',
};

/** There is no connection, or it was lost before there was an answer. */
export function disconnected(
  why: keyof typeof disconnections,
  event?: string,
  cause?: unknown,
): EventError {
  const message = disconnections[why];
  return new EventError({ code: 'DISCONNECTED', message, retryable: true, event, cause });
}

/** The server refuses the token, and there is no other. */
export function unauthorized(): EventError {
  const message = 'The token is not valid. Connect again with a fresh one.';
  return new EventError({ code: 'UNAUTHORIZED', message });
}

/** Nothing came in the time that was given. */
export function timedOut(event: string, milliseconds: number): EventError {
  const message = `No such ${event} came within ${milliseconds} ms.`;
  return new EventError({ code: 'TIMEOUT', message, retryable: true, event });
}

/** The data cannot be written on the wire, so it was not sent. */
export function unwritable(cause: unknown): EventError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const data = { issues: [{ path: [], message }] };
  return new EventError({ code: 'VALIDATION', message, data, cause });
}

/** The data is more than fits in a frame, so the server has not taken it. */
export function tooLarge(): EventError {
  const message = 'The data is larger than the server accepts. Send less at once.';
  return new EventError({ code: 'TOO_LARGE', message });
}

/** The server has answered, but nobody can say what. */
export function unreadable(event: string, cause: unknown): EventError {
  const message = 'The answer of the server cannot be read. Use a newer client.';
  return new EventError({ code: 'INTERNAL', message, event, cause });
}
