import type { SendEventsShape } from '@parley/contract/wire';

/** What somebody has sent to the fake server. */
export interface Sent<
  Name extends string = string,
  Event extends { data: unknown; errors: object } = { data: unknown; errors: object },
> {
  readonly name: Name;
  readonly data: Event['data'];
  readonly key: string | undefined;
  /** Who sent it. */
  readonly userId: string;
  /** Throws what the sender's promise rejects with: a code that the event declares, and what comes with it. */
  readonly refuse: <Code extends keyof Event['errors'] & string>(
    code: Code,
    ...data: Event['errors'][Code] extends undefined ? [] : [data: Event['errors'][Code]]
  ) => never;
}

/** What the fake server does with each event: says the reply, or refuses. */
export type Handlers<Send extends SendEventsShape<Send>> = {
  readonly [Name in keyof Send & string]?: (
    sent: Sent<Name, Send[Name]>,
  ) => Send[Name]['reply'] | Promise<Send[Name]['reply']>;
};
