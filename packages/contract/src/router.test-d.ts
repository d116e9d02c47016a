import type {
  inferRouterError,
  inferRouterInputs,
  inferRouterOutputs,
  inferSubscriptionOutput,
} from '@trpc/server';

import type { Holds, Same } from './flat-types.ts';
import type { Occurrence } from './occurrence.ts';
import type { EventRouter } from './router.gen.ts';
import type { ListenInput, Replied, SendInput, TrackedOccurrence, WireErrorShape } from './wire.ts';
import type { ListenEvents, SendEvents } from './types.gen.ts';

type Inputs = inferRouterInputs<EventRouter>;
type Outputs = inferRouterOutputs<EventRouter>;
type Heard<Name extends keyof ListenEvents> = inferSubscriptionOutput<
  EventRouter['_def']['record']['listen'][Name]
>;

type Assign = SendEvents['chats:assign'];
type Join = ListenEvents['chats:join'];
type Focus = ListenEvents['user:focus'];

export type RouterProofs = [
  Holds<Same<'there is one mutation per sendable event', keyof Inputs['send'], keyof SendEvents>>,
  Holds<
    Same<
      'there is one subscription per listenable event',
      keyof Inputs['listen'],
      keyof ListenEvents
    >
  >,
  Holds<
    Same<
      'a mutation takes data and a key',
      Inputs['send']['chats:assign'],
      SendInput<Assign['data']>
    >
  >,
  Holds<
    Same<'a mutation returns the reply', Outputs['send']['chats:assign'], Replied<Assign['reply']>>
  >,
  Holds<
    Same<'a subscription takes a start and a chat', Inputs['listen']['chats:join'], ListenInput>
  >,
  Holds<
    Same<
      'a durable subscription yields tracked occurrences',
      Heard<'chats:join'>,
      TrackedOccurrence<'chats:join', Join['data']>
    >
  >,
  Holds<
    Same<
      'an ephemeral subscription yields occurrences',
      Heard<'user:focus'>,
      Occurrence<'user:focus', Focus['data']>
    >
  >,
  Holds<Same<'errors have the shape of the wire', inferRouterError<EventRouter>, WireErrorShape>>,
];
