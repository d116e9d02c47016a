/** Why the fake server does not do what it is asked: thrown in a handler, an `EventError` where it was sent. */
export class Refusal extends Error {
  readonly code: string;
  readonly details: unknown;

  constructor(code: string, { details, message }: { details?: unknown; message?: string } = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
