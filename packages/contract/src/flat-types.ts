import type * as z from 'zod';

import type { EventDefinition, ListenHalf, SendHalf } from './define-event.ts';
import type { declarableErrors } from './errors.ts';

/** Compiles only for what is `true`. */
export type Holds<Proof extends true> = Proof;

/** `true` when two types are identical; otherwise the sentence, for the compiler to print. */
export type Same<Sentence extends string, One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : Sentence;

/** `true` when what the flat types have for an event is exactly what its schemas infer. */
export type SameEvent<Send, Listen, Event extends EventDefinition> =
  | Same<
      `${Event['name']} (send) is not what its schemas say: run parley generate`,
      EntryOf<Send, Event['name']>,
      InferredSend<Event['send']>
    >
  | Same<
      `${Event['name']} (listen) is not what its schema says: run parley generate`,
      EntryOf<Listen, Event['name']>,
      InferredListen<Event['listen']>
    >;

/** The data of each error code, from codes of the core and definitions of others. */
export type InferredErrors<Error> = {
  [Each in Error as CodeOf<Each>]: DataOf<
    Each extends keyof typeof declarableErrors ? (typeof declarableErrors)[Each] : Each
  >;
};

type EntryOf<Flat, Name> = Name extends keyof Flat ? Flat[Name] : never;

type InferredSend<Half> = Half extends SendHalf
  ? {
      data: z.input<Half['data']>;
      reply: z.output<Half['reply']>;
      errors: InferredErrors<Half['errors'][number]>;
    }
  : never;

type InferredListen<Half> = Half extends ListenHalf
  ? { data: z.output<Half['data']>; durable: Half['durable'] }
  : never;

type CodeOf<Error> = Error extends { code: infer Code extends string } ? Code : Error & string;

type DataOf<Error> = Error extends { data: infer Data extends z.ZodType }
  ? z.output<Data>
  : undefined;
