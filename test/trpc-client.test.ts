import type { EventRouter, TrackedOccurrence } from '@parley/contract';
import type { ListenEvents } from '@parley/contract/types';
import { signToken } from '@parley/server';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';

import {
  activeChat,
  invalidPaths,
  patiently,
  secret,
  startServer,
  supervisor,
  type TestServer,
} from './harness.ts';

type NewMessage = TrackedOccurrence<'messages:new', ListenEvents['messages:new']['data']>;

test("tRPC's own client creates a chat, joins it, sends and hears", async () => {
  await using server = await startServer();
  await using ann = await connect(server, { sub: 'ann', role: 'customer' });
  await using sue = await connect(server, { sub: 'sue', role: 'supervisor' });
  const { chat } = await ann.trpc.send['chats:create'].mutate({
    data: { room: 'sales', source: 'web' },
    key: 'my-first-chat',
  });
  const reply = await sue.trpc.send['chats:join'].mutate({ data: { chatId: chat.id } });
  expect(reply.joined).toBe(true);
  const heard = await listen(ann, { chatId: chat.id });
  const { message } = await sue.trpc.send['messages:send'].mutate({
    data: { chatId: chat.id, message: 'Hello' },
  });
  await expect.poll(() => heard.length, patiently).toBe(1);
  expect(heard[0]?.data.data.message).toEqual(message);
  expect(heard[0]?.id).toBe(String(heard[0]?.data.position));
});

test('a subscription resumes from a position without a gap or a double', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  await using ann = await connect(server, { sub: 'ann', role: 'customer' });
  const write = (message: string) => bob.send('messages:send', { chatId, message });
  const before = await listen(ann);
  await write('One');
  await write('Two');
  await expect.poll(() => texts(before), patiently).toEqual(['One', 'Two']);
  before.stop();
  await write('Three');
  const meanwhile = Promise.all([write('Four'), write('Five')]);
  const after = await listen(ann, { lastEventId: before.at(-1)?.id });
  await meanwhile;
  await write('Six');
  await expect.poll(() => texts(after), patiently).toEqual(['Three', 'Four', 'Five', 'Six']);
});

test("after a lost connection tRPC's client resumes by itself", async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  await using ann = await connect(server, { sub: 'ann', role: 'customer' });
  const heard = await listen(ann);
  const write = (message: string) => bob.send('messages:send', { chatId, message });
  await write('One');
  await expect.poll(() => texts(heard), patiently).toEqual(['One']);
  ann.cut();
  await write('Two');
  await write('Three');
  await expect.poll(() => texts(heard), patiently).toEqual(['One', 'Two', 'Three']);
  await write('Four');
  await expect.poll(() => texts(heard), patiently).toEqual(['One', 'Two', 'Three', 'Four']);
});

test("'0' replays all that the user may see, and then goes on live", async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const written = Array.from({ length: 450 }, (_, index) => `Message ${index}`);
  for (let start = 0; start < written.length; start += 50) {
    const some = written.slice(start, start + 50);
    await Promise.all(some.map((message) => bob.send('messages:send', { chatId, message })));
  }
  const replay = await ann.listen('messages:new', { lastEventId: '0' });
  await ann.send('messages:send', { chatId, message: 'Live' });
  const heard = await replay.take(451);
  expect(heard.map(({ data }) => data.message.message)).toEqual([...written, 'Live']);
});

test('without a position a subscription starts live', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  await bob.send('messages:send', { chatId, message: 'Before' });
  const hears = await ann.listen('messages:new');
  await bob.send('messages:send', { chatId, message: 'After' });
  expect((await hears.next()).data.message.message).toBe('After');
});

test('a subscription to one chat hears nothing of the others', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sue = await supervisor(server);
  const dan = await server.connect({ sub: 'dan', role: 'customer' });
  const { chat } = await dan.send('chats:create', { room: 'sales', source: 'web' });
  await bob.send('chats:join', { chatId: chat.id });
  await dan.send('messages:send', { chatId: chat.id, message: 'Of Dan' });
  await ann.send('messages:send', { chatId, message: 'Of Ann' });
  for (const user of [bob, sue]) {
    const replay = await user.listen('messages:new', { chatId, lastEventId: '0' });
    const live = await user.listen('messages:new', { chatId });
    await dan.send('messages:send', { chatId: chat.id, message: 'Of Dan again' });
    const { message } = await ann.send('messages:send', { chatId, message: 'Of Ann again' });
    expect((await live.next()).data.message.id).toBe(message.id);
    await replay.next(({ data }) => data.message.id === message.id);
    expect(new Set(replay.heard.map((each) => each.chatId))).toEqual(new Set([chatId]));
  }
});

test('a subscription to a chat of others hears nothing', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const eve = await server.connect({ sub: 'eve', role: 'customer' });
  const live = await eve.listen('messages:new', { chatId });
  await ann.send('messages:send', { chatId, message: 'Hello' });
  const replay = await eve.listen('messages:new', { chatId, lastEventId: '0' });
  await eve.caughtUp();
  expect([live.heard, replay.heard]).toEqual([[], []]);
});

test('a position that is none is refused', async () => {
  await using server = await startServer();
  const { ann } = await activeChat(server);
  for (const lastEventId of ['yesterday', '-1', '1.5', '']) {
    expect(await invalidPaths(ann.listen('messages:new', { lastEventId }))).toEqual([
      'lastEventId',
    ]);
  }
});

test('whoever has left hears nothing more, and on replay only up to the leave', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const live = await bob.listen('messages:new');
  await ann.send('messages:send', { chatId, message: 'Before' });
  await bob.send('chats:leave', { chatId });
  await ann.send('messages:send', { chatId, message: 'After' });
  await bob.caughtUp();
  expect(live.data.map(({ message }) => message.message)).toEqual(['Before']);
  const replay = await bob.listen('messages:new', { lastEventId: '0' });
  const left = await bob.listen('chats:leave', { lastEventId: '0' });
  await left.next();
  await bob.caughtUp();
  expect(replay.data.map(({ message }) => message.message)).toEqual(['Before']);
});

test('a join and a leave take effect at their places in the order, also among sends of one moment', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const dan = await server.connect({ sub: 'dan', role: 'customer' });
  const backend = await server.connect({ sub: 'backend', role: 'service' });
  const live = await dan.listen('messages:new');
  const write = (message: string) => backend.send('messages:send', { chatId, message });
  await Promise.all([
    write('Before'),
    backend.send('chats:join', { chatId, userId: 'dan' }),
    write('Within'),
    backend.send('chats:leave', { chatId, userId: 'dan' }),
    write('After'),
  ]);
  await dan.caughtUp();
  expect(live.data.map(({ message }) => message.message)).toEqual(['Within']);
});

test('whoever joins hears from then on, and on replay what was before', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const sue = await server.connect({ sub: 'dan', role: 'customer' });
  const backend = await server.connect({ sub: 'backend', role: 'service' });
  const live = await sue.listen('messages:new');
  await ann.send('messages:send', { chatId, message: 'Before' });
  await backend.send('chats:join', { chatId, userId: 'dan' });
  await bob.send('messages:send', { chatId, message: 'After' });
  expect((await live.next()).data.message.message).toBe('After');
  const replay = await sue.listen('messages:new', { lastEventId: '0' });
  const heard = await replay.take(2);
  expect(heard.map(({ data }) => data.message.message)).toEqual(['Before', 'After']);
});

interface Who {
  sub: string;
  role: 'customer' | 'supervisor';
}

/** What a front end writes that has nothing of ours but the types. */
async function connect({ url }: TestServer, who: Who) {
  const token = await signToken({ ...who, secret });
  const client = createWSClient({
    url,
    connectionParams: { token },
    // tRPC asks for the browser's class by its type, and uses what ws has in common with it.
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
  });
  const links = [wsLink<EventRouter>({ client, transformer: superjson })];
  return {
    trpc: createTRPCClient<EventRouter>({ links }),
    cut: () => client.connection?.ws.close(),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The new messages that are heard from when it resolves. */
async function listen(
  { trpc }: Awaited<ReturnType<typeof connect>>,
  input: { lastEventId?: string | undefined; chatId?: string } = {},
) {
  const heard = Object.assign(new Array<NewMessage>(), { stop: () => {} });
  await new Promise<void>((resolve, reject) => {
    const { unsubscribe } = trpc.listen['messages:new'].subscribe(input, {
      onStarted: () => resolve(),
      onData: (item) => heard.push(item),
      onError: reject,
    });
    heard.stop = unsubscribe;
  });
  return heard;
}

function texts(heard: NewMessage[]) {
  return heard.map(({ data }) => data.data.message.message);
}
