import {
  type EventDefinition,
  hasSafeKeys,
  type ListenInput,
  type ListenableEvent,
  type SendableEvent,
} from '@parley/contract';
import { initTRPC, TRPCError, type TRPCRouterRecord } from '@trpc/server';
import superjson, { type SuperJSONResult } from 'superjson';
import * as z from 'zod';

import { hearingOf } from './access/hearing.ts';
import type { Session } from './access/session.ts';
import { dispatch, type Workings } from './dispatch.ts';
import type { Handler } from './define-handler.ts';
import { EventError } from './event-error.ts';
import { Feed } from './hub/feed.ts';
import type { Hub } from './hub/hub.ts';
import { shapeError } from './shape-error.ts';

/** What a connection brings to each call. Without a session, why there is none. */
export interface CallContext {
  session?: Session | undefined;
  refusal?: EventError | undefined;
}

/** A refusal as the server logs it. */
export interface Refused {
  errorId: string;
  refusal: EventError;
  path: string | undefined;
}

export interface RouterOptions {
  events: readonly EventDefinition[];
  handlers: ReadonlyMap<string, Handler>;
  workings: Workings;
  hub: Hub;
  /** Keeps what a client is not told, under the id that it is told. */
  report(refused: Refused): void;
}

const Key = z.string().min(1).max(64);

const Position = z.string().regex(/^(0|[1-9]\d{0,15})$/, 'A position, or 0 for the beginning.');

const ListenSchema: z.ZodType<ListenInput> = z.strictObject({
  lastEventId: Position.nullish(),
  chatId: z.string().min(1).max(64).optional(),
});

/** Makes the tRPC router of a contract: a mutation per sendable event, a subscription per listenable one. */
export function createRouter({ events, handlers, workings, hub, report }: RouterOptions) {
  const trpc = initTRPC.context<CallContext>().create({
    transformer: { input: { ...superjson, deserialize: readInput }, output: superjson },
    isDev: false,
    errorFormatter: ({ error, path }) =>
      shapeError(error, workings.environment, (errorId, refusal) =>
        report({ errorId, refusal, path }),
      ),
  });

  const authenticated = trpc.procedure.use(({ ctx, next }) => {
    if (!ctx.session) throw asTRPCError(ctx.refusal ?? new EventError('UNAUTHORIZED'));
    return next({ ctx: { session: ctx.session } });
  });

  function sendProcedure(event: SendableEvent, handler: Handler) {
    const roles = new Set(event.send.by);
    const input = z.strictObject({ data: event.send.data, key: Key.optional() });
    return authenticated
      .use(({ ctx, next }) => {
        if (!roles.has(ctx.session.role)) throw asTRPCError(new EventError('FORBIDDEN'));
        return next();
      })
      .input(input)
      .mutation(({ ctx, input: send }) =>
        dispatch(workings, handler, send, ctx.session).catch((error: unknown) => {
          throw asTRPCError(error);
        }),
      );
  }

  function listenProcedure(event: ListenableEvent) {
    return authenticated.input(ListenSchema).subscription(({ ctx, input, signal }) => {
      const { session } = ctx;
      const { lastEventId, chatId } = input;
      return Feed.open({
        log: workings.log,
        hub,
        name: event.name,
        userId: session.user.id,
        hearing: (snapshot) => hearingOf(snapshot, session),
        chatId,
        after: lastEventId ? Number(lastEventId) : undefined,
        signal: signal ?? new AbortController().signal,
      });
    });
  }

  const send: TRPCRouterRecord = {};
  const listen: TRPCRouterRecord = {};
  for (const event of events) {
    const handler = handlers.get(event.name);
    if (isSendable(event) && handler) send[event.name] = sendProcedure(event, handler);
    if (isListenable(event)) listen[event.name] = listenProcedure(event);
  }
  return trpc.router({ send: trpc.router(send), listen: trpc.router(listen) });
}

export type Router = ReturnType<typeof createRouter>;

const isSendable = (event: EventDefinition): event is SendableEvent => event.send !== undefined;
const isListenable = (event: EventDefinition): event is ListenableEvent =>
  event.listen !== undefined;

/** What was sent with a call; nothing when it carries keys that superjson would pass over, so that it does not fit any event. */
function readInput(raw: SuperJSONResult): unknown {
  return hasSafeKeys(raw) ? superjson.deserialize(raw) : undefined;
}

/** tRPC lets only its own errors carry a cause to the formatter unchanged. */
function asTRPCError(cause: unknown): TRPCError {
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause });
}
