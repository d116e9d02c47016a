import { EventError } from '../errors.ts';
import type { PendingMessage } from './messages.ts';

/** Why a message was not sent. */
export class MessageError extends EventError {
  /** What failed, to send it again or to discard it. */
  readonly pending: PendingMessage;

  constructor(cause: EventError, pending: PendingMessage) {
    super({ ...cause, message: cause.message, cause });
    this.pending = pending;
  }
}
