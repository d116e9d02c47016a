import {
  defineError,
  defineEvent,
  type EventRouterOf,
  type InferredErrors,
  type SendHalf,
} from '@parley/contract';
import { defineHandler, EventError, signToken } from '@parley/server';
import { createTRPCClient, TRPCClientError, wsLink } from '@trpc/client';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import * as z from 'zod';

import { activeChat, openSocket, patiently, secret, startServer } from './harness.ts';

const TOO_MANY = defineError('acme.TOO_MANY_TICKETS', {
  message: 'The chat has its tickets already.',
  data: z.strictObject({ tickets: z.array(z.string()) }),
});

const Ticket = z.strictObject({ chatId: z.string().max(64), title: z.string().max(200) });

/** An event of a team's own package. */
const ticketsOpen = defineEvent('tickets:open', {
  summary: 'A ticket is opened for a chat.',
  send: {
    by: ['agent', 'service'],
    data: Ticket,
    reply: z.strictObject({ number: z.number() }),
    errors: ['NOT_FOUND', TOO_MANY],
    example: { chatId: 'c_1', title: 'A question' },
  },
  listen: {
    audience: ['agents'],
    durable: true,
    data: Ticket,
    example: { chatId: 'c_1', title: 'A question' },
  },
});

const openTicket = defineHandler(ticketsOpen, async ({ data, chats, publish }) => {
  const { chatId, title } = data;
  await chats.load(chatId);
  await publish(ticketsOpen, data, { agents: chatId }, { chatId });
  if (title === 'full') throw new EventError(TOO_MANY, { data: { tickets: ['t_1'] } });
  if (title === 'fault') throw new Error('The password of the ticket system is hunter2.');
  if (title === 'undeclared') throw new EventError('CHAT_TAKEN');
  return { number: title.length };
});

const own = { events: [ticketsOpen], handlers: [openTicket] };

test("a team's own event is sent and heard like the core's", async () => {
  await using server = await startServer(own);
  const { ann, bob, chatId } = await activeChat(server);
  await using client = await connect(server.url, 'bob');
  const { trpc } = client;
  const [heard, annHeard] = [new Array<unknown>(), await ann.listen('messages:new')];
  await new Promise<void>((resolve, reject) => {
    trpc.listen['tickets:open'].subscribe(
      {},
      {
        onStarted: () => resolve(),
        onData: ({ data }) => heard.push(data.data),
        onError: reject,
      },
    );
  });
  const data = { chatId, title: 'Refund' };
  expect(await trpc.send['tickets:open'].mutate({ data, key: 'k' })).toEqual({ number: 6 });
  const again = { number: 6, replayed: true };
  expect(await trpc.send['tickets:open'].mutate({ data, key: 'k' })).toEqual(again);
  await expect.poll(() => heard, patiently).toEqual([data]);
  await bob.send('messages:send', { chatId, message: 'It has a ticket.' });
  const { seq } = await annHeard.next();
  expect(seq).toBeGreaterThan(1);
});

test("a team's own refusal has its own code and data, and what was published is taken back", async () => {
  await using server = await startServer(own);
  const { bob, chatId } = await activeChat(server);
  await using client = await connect(server.url, 'bob');
  const { cursor } = await bob.send('chats:get', { chatId });
  const refused = client.trpc.send['tickets:open'].mutate({ data: { chatId, title: 'full' } });
  expect((await failure(refused)).data).toMatchObject({
    code: 'acme.TOO_MANY_TICKETS',
    details: { tickets: ['t_1'] },
  });
  expect((await bob.send('chats:get', { chatId })).cursor).toBe(cursor);
});

test.each(['fault', 'undeclared'])('a %s of the handler stays on the server', async (title) => {
  const told: unknown[] = [];
  const onRefused = (refused: { errorId: string }) => told.push(refused.errorId);
  await using server = await startServer({ ...own, onRefused });
  const { chatId } = await activeChat(server);
  await using client = await connect(server.url, 'bob');
  const failed = client.trpc.send['tickets:open'].mutate({ data: { chatId, title } });
  const { message, data } = await failure(failed);
  const [errorId] = told;
  expect(data).toEqual({ code: 'INTERNAL', retryable: true, errorId });
  expect(message).toBe('The server failed. Report the errorId; it is in the server log.');
  expect(told).toEqual([expect.stringMatching(/^e_/)]);
});

type Tickets = EventRouterOf<
  {
    'tickets:open': {
      data: z.input<typeof Ticket>;
      reply: { number: number };
      errors: InferredErrors<SendHalf['errors'][number]>;
    };
  },
  { 'tickets:open': { data: z.output<typeof Ticket>; durable: true } }
>;

async function connect(url: string, sub: string) {
  const token = await signToken({ sub, role: 'agent', secret });
  const client = openSocket(url, { token });
  const links = [wsLink<Tickets>({ client, transformer: superjson })];
  return {
    trpc: createTRPCClient<Tickets>({ links }),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

async function failure(promise: Promise<unknown>) {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof TRPCClientError)) throw new Error('This did not fail.');
  return error;
}
