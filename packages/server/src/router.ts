import { initTRPC, TRPCError, type TRPCRouterRecord } from '@trpc/server';
import superjson from 'superjson';

import type { CallContext, Calls, ListenCall, SendCall } from './calls.ts';
import type { Environment } from './environment.ts';
import { EventError } from './event-error.ts';
import type { Guard, Load } from './guard.ts';
import { FeedQueue } from './hub/feed-queue.ts';
import { type ShapeError, notUnderstood, unknownCall } from './shape-error.ts';

export interface RouterOptions {
  calls: Calls;
  environment: Environment;
  /** Reads an input as a client has written it. */
  readInput: (raw: unknown) => unknown;
  shapeError: ShapeError;
  guard: Guard;
}

/** Makes the tRPC router of a contract, for whoever serves it otherwise than we do: a mutation per send, a subscription per listen. */
export function createRouter({ calls, environment, readInput, shapeError, guard }: RouterOptions) {
  const trpc = initTRPC.context<CallContext>().create({
    transformer: { input: { ...superjson, deserialize: readInput }, output: superjson },
    isDev: false,
    errorFormatter: ({ error, path }) => shapeError(behind(error), path),
  });
  const procedure = trpc.procedure.input((input: unknown) => input);

  const sendProcedure = (call: SendCall) =>
    procedure.mutation(async ({ ctx, input }) => {
      const now = environment.now();
      const overload = call.shed(ctx, now);
      if (overload) asTRPCError(overload.error);
      const { reply } = await call.run(ctx, input, now).catch(asTRPCError);
      return reply;
    });

  const listenProcedure = (call: ListenCall) =>
    procedure.subscription(async ({ ctx, input, signal }) => {
      const end = signal ?? new AbortController().signal;
      if (ctx.load) count(ctx.load, end);
      const queue = new FeedQueue(ctx.session?.user.id ?? '', end);
      await call.open(ctx, input, queue).catch(asTRPCError);
      return queue;
    });

  /** A subscription of the connection, until the signal. */
  function count(load: Load, end: AbortSignal) {
    try {
      guard.beginSubscription(load);
    } catch (error) {
      asTRPCError(error);
    }
    end.addEventListener('abort', () => guard.endSubscription(load), { once: true });
  }

  const send: TRPCRouterRecord = {};
  const listen: TRPCRouterRecord = {};
  for (const call of calls.values()) {
    if (call.type === 'mutation') send[call.name] = sendProcedure(call);
    else listen[call.name] = listenProcedure(call);
  }
  return trpc.router({ send: trpc.router(send), listen: trpc.router(listen) });
}

export type Router = ReturnType<typeof createRouter>;

/** tRPC lets only its own errors carry a cause to the formatter unchanged. */
function asTRPCError(cause: unknown): never {
  throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause });
}

/** What is behind an error of tRPC: a call's own, or what tRPC itself refuses. */
function behind({ code, cause }: TRPCError): unknown {
  switch (code) {
    case 'PARSE_ERROR':
    case 'BAD_REQUEST':
      return cause instanceof EventError ? cause : notUnderstood();
    case 'NOT_FOUND':
    case 'METHOD_NOT_SUPPORTED':
      return unknownCall();
    default:
      return cause;
  }
}
