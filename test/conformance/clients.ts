import { connect, EventError, type Random } from '@parley/client';
import { TRPCClientError } from '@trpc/client';
import * as z from 'zod';

import { type ListenName, openClient, type SendName } from '../harness.ts';

/** What a client may be told of a refusal. */
export interface Refusal {
  code: string;
  message: string;
  retryable: boolean;
  errorId: string | undefined;
  details: unknown;
}

/** What both clients can do, in the same words. */
export interface Client extends AsyncDisposable {
  send(name: SendName, data: unknown): Promise<unknown>;
  /** Resolves once it hears; gives what stops it. */
  listen(name: ListenName, hear: (occurrence: unknown) => void): Promise<() => void>;
  /** What a rejection says. */
  refusalIn(error: unknown): Refusal;
}

export const clients: Record<string, (url: string, token: string) => Client> = {
  'the client of trpc': openTRPCClient,
  'the client of parley': openParleyClient,
};

interface Mutation {
  mutate(input: { data: unknown }): Promise<unknown>;
}

interface Subscription {
  subscribe(
    input: object,
    observer: {
      onStarted(): void;
      onData(item: unknown): void;
      onError(error: unknown): void;
    },
  ): { unsubscribe(): void };
}

const Tracked = z.strictObject({ id: z.string(), data: z.unknown() });

/** tRPC's own client, with nothing of ours but the types. */
function openTRPCClient(url: string, token: string): Client {
  const { trpc, close } = openClient(url, { token });
  const mutations: Record<SendName, Mutation> = trpc.send;
  const subscriptions: Record<ListenName, Subscription> = trpc.listen;
  return {
    send: (name, data) => mutations[name].mutate({ data }),
    listen: (name, hear) =>
      new Promise((resolve, reject) => {
        const { unsubscribe } = subscriptions[name].subscribe(
          {},
          {
            onStarted: () => resolve(unsubscribe),
            onData: (item) => hear(Tracked.safeParse(item).data?.data ?? item),
            onError: reject,
          },
        );
      }),
    refusalIn(error) {
      if (!(error instanceof TRPCClientError) || !error.shape) throw error;
      const { message, data } = error.shape;
      const { code, retryable, errorId, details } = data;
      return { code, message, retryable, errorId, details };
    },
    [Symbol.asyncDispose]: close,
  };
}

function openParleyClient(url: string, token: string): Client {
  const events = connect({ url, token: () => token, environment: { random: createCounting() } });
  return {
    // The tests send what the types would not allow, too.
    send: (name, data) => Reflect.apply(events.send, undefined, [name, data]),
    async listen(name, hear) {
      const stop = events.subscribe(name, (_data, occurrence) => hear(occurrence));
      // The server has begun to listen when it answers what was sent after.
      for (let trip = 0; trip < 3; trip += 1) await events.send('users:chats', {});
      return stop;
    },
    refusalIn(error) {
      if (!(error instanceof EventError)) throw error;
      const { code, message, retryable, errorId, data: details } = error;
      return { code, message, retryable, errorId, details };
    },
    [Symbol.asyncDispose]: () => events.close(),
  };
}

/** Chance that counts in the last bytes: each key is new, and the first try after a lost connection is at once. */
function createCounting(): Random {
  let count = 0;
  return {
    bytes(size) {
      count += 1;
      return new Uint8Array(size).with(size - 1, count % 32).with(size - 2, Math.floor(count / 32));
    },
  };
}
