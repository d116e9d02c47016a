import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { listenEventNames } from '@parley/contract/names';
import { events } from '@parley/contract/events';
import { StoreError } from '@parley/server';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';

import {
  activeChat,
  agent,
  customer,
  refusal,
  startChat,
  startServer,
  supervisor,
  type TestServer,
} from './harness.ts';
import { createVirtualEnvironment } from './virtual-environment.ts';

test('chats, members, messages and marks live on', async () => {
  await using files = await temporaryStore();
  const fields = 'users,history';
  const before = await during(files.store, async (server) => {
    const { ann, bob, chatId } = await activeChat(server);
    const { message } = await ann.send('messages:send', { chatId, message: 'Hello' });
    await bob.send('messages:send', { chatId, message: 'Secret', visibility: 'agents' });
    await bob.send('messages:read', { messageId: message.id });
    await bob.send('history:import', {
      chatId,
      history: [{ sender: 'Ann', message: 'Old', created: new Date('2025-01-01') }],
    });
    return (await bob.send('chats:get', { chatId, fields })).chat;
  });
  const after = await during(files.store, async (server) => {
    const bob = await server.connect({ sub: 'bob', role: 'agent', name: 'Bob' });
    return (await bob.send('chats:get', { chatId: before.id, fields })).chat;
  });
  expect(after).toEqual(before);
  expect(after.history).toHaveLength(3);
});

test('a pending invitation is accepted after the restart', async () => {
  await using files = await temporaryStore();
  const environment = createVirtualEnvironment();
  const options = { environment };
  const invitationId = await during(files.store, inviteBob, options);
  await during(
    files.store,
    async (server) => {
      const bob = await server.connect({ sub: 'bob', role: 'agent', name: 'Bob' });
      const { chat } = await bob.send('invitations:accept', { invitationId });
      expect(chat).toMatchObject({ status: 'active', agentId: 'bob' });
    },
    options,
  );
});

test('an invitation that came due in between ends when the server starts', async () => {
  await using files = await temporaryStore();
  const environment = createVirtualEnvironment();
  const options = { environment };
  const invitationId = await during(files.store, inviteBob, options);
  await environment.advance(60_000);
  await during(
    files.store,
    async (server) => {
      const sue = await supervisor(server);
      const replay = { lastEventId: '0' };
      const expired = await sue.listen('invitations:expire', replay);
      expect((await expired.next()).data).toMatchObject({ invitationId });
      const alone = await sue.listen('forever:alone', replay);
      expect((await alone.next()).data).toMatchObject({ attempts: 1, next: 'waiting' });
      await sue.caughtUp();
      expect([expired.heard, alone.heard].map(({ length }) => length)).toEqual([1, 1]);
      const bob = await server.connect({ sub: 'bob', role: 'agent', name: 'Bob' });
      const late = await refusal(bob.send('invitations:accept', { invitationId }));
      expect(late).toMatchObject({ code: 'INVITATION_ENDED', details: { state: 'expired' } });
    },
    options,
  );
});

test('an invitation ends after the restart when it was due to', async () => {
  await using files = await temporaryStore();
  const environment = createVirtualEnvironment();
  const options = { environment };
  const invitationId = await during(files.store, inviteBob, options);
  await environment.advance(2000);
  await during(
    files.store,
    async (server) => {
      const bob = await server.connect({ sub: 'bob', role: 'agent', name: 'Bob' });
      const expired = await bob.listen('invitations:expire');
      await environment.advance(28_000 - 1);
      await bob.caughtUp();
      expect(expired.heard).toEqual([]);
      await environment.advance(1);
      const data = { invitationId, reason: 'timeout' };
      expect((await expired.next()).data).toMatchObject(data);
    },
    options,
  );
});

test('a send whose reply was lost in the restart is answered when it is repeated', async () => {
  await using files = await temporaryStore();
  const data = { room: 'sales', source: 'web' };
  const first = await during(files.store, async (server) =>
    (await customer(server, 'ann')).send('chats:create', data, 'one-key'),
  );
  await during(files.store, async (server) => {
    const ann = await customer(server, 'ann');
    const again = await ann.send('chats:create', data, 'one-key');
    expect(again).toEqual({ ...first, replayed: true });
    const other = await refusal(ann.send('chats:create', { ...data, lang: 'en' }, 'one-key'));
    expect(other.code).toBe('IDEMPOTENCY_CONFLICT');
  });
});

test('a send that is repeated a day later has the effect and the reply it had', async () => {
  await using files = await temporaryStore();
  const environment = createVirtualEnvironment();
  const data = { room: 'sales', source: 'web' };
  const create = (server: TestServer) =>
    customer(server, 'ann').then((ann) => ann.send('chats:create', data, 'one-key'));
  const first = await during(files.store, create, { environment });
  await during(files.store, () => environment.advance(24 * 3_600_000), { environment });
  const again = await during(files.store, create, { environment });
  expect(again).toEqual({ ...first, replayed: true });
});

test('positions go on without a gap, and a listener resumes without a gap or a double', async () => {
  await using files = await temporaryStore();
  const before = await during(files.store, async (server) => {
    const { ann, bob, chatId } = await activeChat(server);
    const annHears = await ann.listen('messages:new');
    await bob.send('messages:send', { chatId, message: 'One' });
    const { position } = await annHears.next();
    await bob.send('messages:send', { chatId, message: 'Two' });
    return { chatId, lastEventId: String(position) };
  });
  await during(files.store, async (server) => {
    const ann = await customer(server, 'ann');
    const { chatId, lastEventId } = before;
    const annHears = await ann.listen('messages:new', { lastEventId });
    await ann.send('messages:send', { chatId, message: 'Three' });
    const heard = await annHears.take(2);
    expect(heard.map(({ data }) => data.message.message)).toEqual(['Two', 'Three']);
    const positions = await everyPosition(server);
    expect(positions).toEqual(positions.map((_, index) => index + 1));
  });
});

test('an agent who was logged in is in routing again when connected', async () => {
  await using files = await temporaryStore();
  await during(files.store, async (server) => void (await agent(server, 'bob')));
  await during(files.store, async (server) => {
    const [ann, sue] = [await customer(server, 'ann'), await supervisor(server)];
    const chatId = await startChat(ann);
    const chosen = async () => (await sue.send('routing:explain', { chatId })).chosen;
    expect(await chosen()).toBeUndefined();
    await server.connect({ sub: 'bob', role: 'agent', name: 'Bob' });
    expect(await chosen()).toBe('bob');
  });
});

test('a server that stops says so to its connections', async () => {
  const server = await startServer();
  const socket = new WebSocket(server.url);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await server[Symbol.asyncDispose]();
  expect((await closed)[0]).toBe(1001);
});

test('a second server on the same store is refused and told why', async () => {
  await using files = await temporaryStore();
  await during(files.store, async () => {
    const second = startServer({ store: files.store });
    await expect(second).rejects.toThrow(StoreError);
    await expect(second).rejects.toThrow(/in use by another process/);
  });
});

async function temporaryStore() {
  const directory = await mkdtempDisposable(join(tmpdir(), 'parley-'));
  const store = `sqlite:${join(directory.path, 'parley.db')}`;
  return { store, [Symbol.asyncDispose]: () => directory.remove() };
}

/** Runs a server on the store for as long as the work takes. */
async function during<Result>(
  store: string,
  work: (server: TestServer) => Promise<Result>,
  options: Parameters<typeof startServer>[0] = {},
): Promise<Result> {
  await using server = await startServer({ ...options, store });
  return await work(server);
}

async function inviteBob(server: TestServer): Promise<string> {
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob')];
  const invitations = await bob.listen('invitations:new');
  await ann.send('chats:assign', { chatId: await startChat(ann) });
  return (await invitations.next()).data.invitationId;
}

/** The positions of the whole log, in order. */
async function everyPosition(server: TestServer): Promise<number[]> {
  const sue = await supervisor(server);
  const durable = listenEventNames.filter((name) =>
    events.some((event) => event.name === name && event.listen?.durable),
  );
  const collectors = await Promise.all(
    durable.map((name) => sue.listen(name, { lastEventId: '0' })),
  );
  await sue.caughtUp();
  const occurrences = collectors.flatMap(({ heard }) => heard);
  const positions = occurrences.map(({ position = 0 }) => position);
  return positions.toSorted((one, other) => one - other);
}
