import { errors, type ErrorCode, type ErrorDefinition } from '@parley/contract';

export interface EventErrorOptions {
  data?: unknown;
  message?: string;
  retryAfterMs?: number;
  cause?: unknown;
}

/** A refusal that the sender gets: a code, one clear sentence, and data for the codes that carry some. */
export class EventError extends Error {
  override readonly name = 'EventError';
  readonly code: string;
  readonly data: unknown;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ErrorCode | ErrorDefinition, options: EventErrorOptions = {}) {
    const definition: ErrorDefinition = typeof kind === 'string' ? errors[kind] : kind;
    super(options.message ?? definition.message, { cause: options.cause });
    this.code = definition.code;
    this.data = options.data;
    this.retryable = definition.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}
