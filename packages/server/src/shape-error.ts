import type { WireErrorShape } from '@parley/contract';
import type { TRPCDefaultErrorShape } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import * as z from 'zod';

import { createId, type Environment } from './environment.ts';
import { EventError } from './event-error.ts';

/** tRPC's numbers for our codes; what is not listed is a conflict with the state of things. */
const numbers: Record<string, TRPCDefaultErrorShape['code']> = {
  VALIDATION: TRPC_ERROR_CODES_BY_KEY.BAD_REQUEST,
  UNAUTHORIZED: TRPC_ERROR_CODES_BY_KEY.UNAUTHORIZED,
  FORBIDDEN: TRPC_ERROR_CODES_BY_KEY.FORBIDDEN,
  NOT_FOUND: TRPC_ERROR_CODES_BY_KEY.NOT_FOUND,
  TOO_LARGE: TRPC_ERROR_CODES_BY_KEY.PAYLOAD_TOO_LARGE,
  RATE_LIMITED: TRPC_ERROR_CODES_BY_KEY.TOO_MANY_REQUESTS,
  OVERLOADED: TRPC_ERROR_CODES_BY_KEY.SERVICE_UNAVAILABLE,
  TIMEOUT: TRPC_ERROR_CODES_BY_KEY.TIMEOUT,
  INTERNAL: TRPC_ERROR_CODES_BY_KEY.INTERNAL_SERVER_ERROR,
};

/** A refusal as the server logs it. */
export interface Refused {
  errorId: string;
  refusal: EventError;
  path: string | undefined;
}

/** The error of a call as its client gets it. Nothing internal is in it; the id ties it to the server's log. */
export type ShapeError = (error: unknown, path?: string) => WireErrorShape;

/** Reports every refusal, with what a client is not told. */
export function createErrorShaper(
  { random }: Environment,
  report: (refused: Refused) => void,
): ShapeError {
  return (error, path) => {
    const refusal = refusalOf(error);
    const errorId = createId('e', random);
    report({ errorId, refusal, path });
    const { code, message, retryable, retryAfterMs, data: details } = refusal;
    return {
      message,
      code: numbers[code] ?? TRPC_ERROR_CODES_BY_KEY.CONFLICT,
      data: {
        code,
        retryable,
        errorId,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        ...(details !== undefined && { details }),
      },
    };
  };
}

/** The refusal of what is no message of the protocol. */
export function notUnderstood(): EventError {
  return new EventError('VALIDATION', {
    data: { issues: [{ path: [], message: 'This is not a message that Parley understands.' }] },
  });
}

/** The refusal of a call that there is not. */
export function unknownCall(): EventError {
  return new EventError('NOT_FOUND', {
    message: 'There is no such event, or it is not sent or listened to this way.',
  });
}

/** So many issues are enough to go on with: an answer must not be much longer than what it answers. */
const mostIssues = 8;
const mostCharacters = 200;

function shorten(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`;
}

/** What an error is to a client: what the contract does not know is a failure of the server. */
export function refusalOf(error: unknown): EventError {
  if (error instanceof EventError) return error;
  if (error instanceof z.ZodError) return invalid(error);
  return new EventError('INTERNAL', { cause: error });
}

/** Paths start at the data, which is what the sender wrote. */
function invalid(error: z.ZodError): EventError {
  const issues = error.issues.slice(0, mostIssues).map(({ path, message }) => ({
    path: path
      .map((key) => (typeof key === 'number' ? key : shorten(String(key))))
      .slice(path[0] === 'data' ? 1 : 0),
    message: shorten(message),
  }));
  const [first] = issues;
  const where = first && first.path.length > 0 ? `${first.path.join('.')}: ` : '';
  const message = first ? `The data does not fit the event. ${where}${first.message}` : undefined;
  return new EventError('VALIDATION', { data: { issues }, ...(message && { message }) });
}
