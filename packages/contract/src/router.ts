import type {
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server';

import type {
  ListenEventShape,
  ListenEventsShape,
  ListenInput,
  Occurrence,
  Replied,
  SendEventsShape,
  SendInput,
  TrackedOccurrence,
  WireErrorShape,
} from './wire.ts';

type Listened<Name extends string, Event extends ListenEventShape> = Event['durable'] extends true
  ? TrackedOccurrence<Name, Event['data']>
  : Occurrence<Name, Event['data']>;

/** The type of the tRPC router that serves a contract: a mutation per sendable event, a subscription per listenable one. */
export type EventRouterOf<
  Send extends SendEventsShape<Send>,
  Listen extends ListenEventsShape<Listen>,
> = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: WireErrorShape; transformer: true },
  {
    send: {
      [Name in keyof Send & string]: TRPCMutationProcedure<{
        input: SendInput<Send[Name]['data']>;
        output: Replied<Send[Name]['reply']>;
        meta: object;
      }>;
    };
    listen: {
      [Name in keyof Listen & string]: TRPCSubscriptionProcedure<{
        input: ListenInput;
        output: AsyncIterable<Listened<Name, Listen[Name]>, void, unknown>;
        meta: object;
      }>;
    };
  }
>;
