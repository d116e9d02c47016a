import { TRPCClientError, type TRPCLink } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
// tRPC's links are made of it, and it holds nothing of a server.
// oxlint-disable-next-line no-restricted-imports
import { observable } from '@trpc/server/observable';

import { Refused } from '../connection/answer.ts';
import { ask } from '../connection/ask.ts';
import type { Connection } from '../connection/connection.ts';

/** The last link of a tRPC client: its calls go over a connection of ours. */
export function connectionLink<Router extends AnyTRPCRouter>(
  connection: Connection,
): TRPCLink<Router> {
  return () =>
    ({ op: { type, path, input, signal } }) =>
      observable((observer) => {
        const subscribes = type === 'subscription';
        /** Where a subscription goes on from on the next connection. */
        let lastEventId: string | undefined;
        const message = ask(type, path, input);
        const takeBack = connection.call({
          subscribes,
          ask: () =>
            lastEventId === undefined
              ? message
              : ask(type, path, { ...Object(input), lastEventId }),
          started: () => observer.next({ result: { type: 'started' } }),
          next(value) {
            const id = subscribes ? positionOf(value) : undefined;
            lastEventId = id ?? lastEventId;
            const result = id === undefined ? { data: value } : { id, data: { id, data: value } };
            observer.next({ result: { type: 'data', ...result } });
            if (!subscribes) observer.complete();
          },
          end(error) {
            if (error) observer.error(toClientError(error));
            else observer.complete();
          },
        });
        const abort = () => observer.complete();
        signal?.addEventListener('abort', abort);
        if (signal?.aborted) abort();
        return () => {
          signal?.removeEventListener('abort', abort);
          takeBack();
        };
      });
}

/** What is durable has one, which to tRPC is the id of a tracked value. */
function positionOf(occurrence: unknown): string | undefined {
  const { position } = Object(occurrence);
  return position === undefined ? undefined : String(position);
}

function toClientError<Router extends AnyTRPCRouter>(error: unknown): TRPCClientError<Router> {
  return TRPCClientError.from(error instanceof Refused ? { error: error.shape } : Object(error));
}
