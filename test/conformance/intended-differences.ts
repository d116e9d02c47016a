import * as z from 'zod';

/** Where our socket is meant to say something else than tRPC's adapter. docs/protocol.md shows the sentences. */
export interface IntendedDifference {
  when: string;
  trpc: string;
  parley: string;
  /** What to send to tRPC's adapter instead of a frame's messages, for both to do the same. */
  forOracle?: (messages: readonly unknown[]) => (readonly unknown[])[];
  /** What was said about something, without what differs. */
  level?: (said: Said) => Said;
}

/** One thing a server said: its id as JSON, or what else it is about, and what it was. */
export interface Said {
  about: string;
  what: unknown;
}

const notUnderstood = 'This is not a message that Parley understands.';

const Id = z.union([z.string(), z.number(), z.null()]);
const Head = { id: Id, jsonrpc: z.literal('2.0').optional() };

/** A message that tRPC's protocol knows. */
const Message = z.union([
  z.object({ ...Head, method: z.literal('subscription.stop') }),
  z.object({
    ...Head,
    method: z.enum(['query', 'mutation', 'subscription']),
    params: z.object({ path: z.string(), lastEventId: z.string().optional() }),
  }),
]);

const isMessage = (value: unknown) => Message.safeParse(value).success;

const refusedLogin = new Set<unknown>([1005, 4401]);

export const intendedDifferences: readonly IntendedDifference[] = [
  {
    when: 'A batch has a message in it that is none.',
    trpc: 'refuses the whole batch',
    parley: 'refuses that message alone',
    forOracle: (messages) => {
      const good = messages.filter(isMessage);
      const bad = messages.filter((each) => !isMessage(each));
      if (bad.length === 0) return [good];
      return good.length > 0 ? [good, bad] : [bad];
    },
  },
  {
    when: 'A batch has several messages in it that are none.',
    trpc: 'refuses the whole batch',
    parley: 'refuses them together with `"id": null`, and does the others',
  },
  {
    when: 'What refuses a frame would be longer than twice the frame and 1 KiB.',
    trpc: 'says it all',
    parley: 'refuses the rest in brief',
  },
  {
    when: 'A message that is none has an id.',
    trpc: 'refuses it with `"id": null`',
    parley: 'refuses it with its id',
    level: ({ about, what }) =>
      JSON.stringify(what)?.includes(notUnderstood)
        ? { about: 'no message', what: notUnderstood }
        : { about, what },
  },
  {
    when: 'The first message brings no parameters.',
    trpc: 'closes without a code',
    parley: 'closes with 4401',
    level: ({ about, what }) => ({
      about,
      what: about === 'close' && refusedLogin.has(what) ? 'refused' : what,
    }),
  },
  {
    when: 'The parameters ask for positions.',
    trpc: 'takes no notice',
    parley: 'tells positions',
  },
  {
    when: 'The parameters ask for batches.',
    trpc: 'takes no notice',
    parley: 'puts the messages of a turn into one frame',
  },
  {
    when: 'The parameters ask for short answers.',
    trpc: 'takes no notice',
    parley: 'leaves out what it and superjson put around values',
  },
  {
    when: 'The parameters ask for notices.',
    trpc: 'takes no notice',
    parley: 'tells which of the events used are on their way out',
  },
  {
    when: 'A frame brings more calls than it may.',
    trpc: 'does them',
    parley: 'refuses them all with `TOO_LARGE`',
  },
  {
    when: 'An id is longer than it may be.',
    trpc: 'takes it',
    parley: 'refuses the message with `"id": null`',
  },
  {
    when: 'More frames come than may come in a second.',
    trpc: 'closes with 4429',
    parley: 'refuses them with `RATE_LIMITED`, and closes with 4429 when they go on',
  },
  {
    when: 'A connection reads too slowly.',
    trpc: 'keeps what is left for it in memory',
    parley: 'closes with 4408',
  },
];
