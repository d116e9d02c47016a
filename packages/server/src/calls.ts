import type {
  Deprecation,
  EventDefinition,
  ListenableEvent,
  ListenInput,
  SendableEvent,
} from '@parley/contract';
import * as z from 'zod';

import type { Session } from './access/session.ts';
import type { Handler } from './define-handler.ts';
import { type Answer, dispatch, type Send, type Workings } from './dispatch.ts';
import { EventError } from './event-error.ts';
import type { Feed, Sink } from './hub/feed.ts';
import type { Guard, Load } from './guard.ts';
import type { Hub } from './hub/hub.ts';
import { Openings } from './hub/openings.ts';
import type { Cursor } from './log/reach.ts';
import type { Observer } from './observe/observer.ts';
import type { Overload } from './overload/overload.ts';
import type { Shedding } from './overload/shedding.ts';
import { refusalOf } from './shape-error.ts';

/** What a connection brings to each call. Without a session, why there is none. */
export interface CallContext {
  session?: Session | undefined;
  refusal?: EventError | undefined;
  /** What is under way on the connection; without one, sends and subscriptions are not counted. */
  load?: Load | undefined;
}

/** What a send that is not shed goes through: the session, the role, the schema, the handler. Throws an `EventError` or a `ZodError`. */
export interface SendCall {
  readonly type: 'mutation';
  readonly name: string;
  readonly deprecated: Deprecation | undefined;
  /** Why it is not run when there is too much to do; to be asked before anything is made of the input. */
  shed(context: CallContext, now: number): Overload | undefined;
  run(context: CallContext, input: unknown, now: number): Promise<Answer>;
}

/** What listening goes through: the session, the schema; then the sink gets what is heard. */
export interface ListenCall {
  readonly type: 'subscription';
  readonly name: string;
  readonly deprecated: Deprecation | undefined;
  open(context: CallContext, input: unknown, sink: Sink): Promise<Feed>;
}

/** All that can be called, by tRPC's path: `send.chats:join`, `listen.messages:new`. */
export type Calls = ReadonlyMap<string, SendCall | ListenCall>;

export interface CallsOptions {
  events: readonly EventDefinition[];
  handlers: ReadonlyMap<string, Handler>;
  workings: Workings;
  hub: Hub;
  observer: Observer;
  guard: Guard;
  shedding: Shedding;
}

const Key = z.string().min(1).max(64);

const Position = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})(@[a-z0-9_]{1,32})?$/, 'A position, or 0 for the beginning.');

const ListenSchema: z.ZodType<ListenInput> = z.strictObject({
  lastEventId: Position.nullish(),
  chatId: z.string().min(1).max(64).optional(),
});

/** Makes a call of each half of each event, once at the start. */
export function createCalls(options: CallsOptions): Calls {
  const { workings, hub, observer } = options;
  const openings = new Openings({ log: workings.log, hub, tally: observer.tally });
  const calls = new Map<string, SendCall | ListenCall>();
  for (const event of options.events) {
    const { name } = event;
    const handler = options.handlers.get(name);
    if (isSendable(event) && handler)
      calls.set(`send.${name}`, createSend(options, event, handler));
    if (isListenable(event)) calls.set(`listen.${name}`, createListen(options, event, openings));
  }
  return calls;
}

function createSend(
  { workings, guard, observer, shedding }: CallsOptions,
  { name, send: { by, data }, deprecated }: SendableEvent,
  handler: Handler,
): SendCall {
  const roles = new Set(by);
  const parse = createParser(z.strictObject({ data, key: Key.optional() }));
  const action = `send ${name}`;
  const outcomes = observer.tally.sendsOf(name);
  return {
    type: 'mutation',
    name,
    deprecated,
    shed({ session }, now) {
      const overload = session && shedding.refusal('sends', now);
      if (!overload) return undefined;
      const outcome = overload.error.code;
      outcomes.add(outcome);
      observer.acted({ session, action, outcome });
      return overload;
    },
    async run(context, input, now) {
      const session = sessionOf(context);
      let send: Send | undefined;
      let outcome = 'ok';
      try {
        try {
          guard.beginSend(session, now, context.load);
          if (!roles.has(session.role)) throw new EventError('FORBIDDEN');
          if (deprecated) observer.tally.deprecated.add(name);
          const parsed = parse(input);
          send = parsed instanceof Promise ? await parsed : parsed;
          return await dispatch(workings, handler, send, session);
        } finally {
          guard.endSend(context.load);
        }
      } catch (error) {
        outcome = refusalOf(error).code;
        throw error;
      } finally {
        outcomes.add(outcome);
        observer.acted({ session, action, outcome, data: send?.data });
      }
    },
  };
}

function createListen(
  { workings: { environment }, observer, shedding }: CallsOptions,
  { name, listen: { durable }, deprecated }: ListenableEvent,
  openings: Openings,
): ListenCall {
  const action = `listen ${name}`;
  return {
    type: 'subscription',
    name,
    deprecated,
    async open(context, input, sink) {
      const session = sessionOf(context);
      const { lastEventId, chatId } = ListenSchema.parse(input);
      if (deprecated) observer.tally.deprecated.add(name);
      const after = lastEventId ? toCursor(lastEventId) : undefined;
      // Who goes on from where it was resumes, and is let on whatever there is to do.
      const overload =
        after?.position === 0 ? shedding.refusal('replays', environment.now()) : undefined;
      if (overload) throw overload.error;
      const feed = await openings.open({ name, durable, session, chatId, after }, sink);
      observer.acted({ session, action, outcome: 'ok', data: { chatId } });
      return feed;
    },
  };
}

/** A position, and the epoch it is of behind an `@`. */
function toCursor(text: string): Cursor {
  const [position, epoch] = text.split('@');
  return { position: Number(position), epoch };
}

function sessionOf({ session, refusal }: CallContext): Session {
  if (session) return session;
  throw refusal ?? new EventError('UNAUTHORIZED');
}

/** Parses at once where the schema can, which those of the core can. */
function createParser<Output>(schema: z.ZodType<Output>) {
  let isAsync = false;
  return (input: unknown): Output | Promise<Output> => {
    if (isAsync) return schema.parseAsync(input);
    try {
      return schema.parse(input);
    } catch (error) {
      if (!(error instanceof z.core.$ZodAsyncError)) throw error;
      isAsync = true;
      return schema.parseAsync(input);
    }
  };
}

const isSendable = (event: EventDefinition): event is SendableEvent => event.send !== undefined;
const isListenable = (event: EventDefinition): event is ListenableEvent =>
  event.listen !== undefined;
