import type { ListenEventsShape, SendEventsShape } from './wire.ts';

/** The examples of a contract as plain data, for tests that hold no schema. */
export interface Fixtures<
  Send extends SendEventsShape<Send>,
  Listen extends ListenEventsShape<Listen>,
> {
  /** What may be sent with each event. */
  readonly send: { readonly [Name in keyof Send]: Send[Name]['data'] };
  /** What may be heard of each event, and whether it is kept in the log. */
  readonly listen: { readonly [Name in keyof Listen]: Readonly<Listen[Name]> };
  /** What the server says with each code. */
  readonly errors: Readonly<
    Record<string, { readonly message: string; readonly retryable: boolean }>
  >;
}
