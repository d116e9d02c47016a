import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { events } from '@parley/contract/events';
import { signToken } from '@parley/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  openClient,
  refusal,
  secret,
  type SendName,
  startServer,
  type TestServer,
  type TestUser,
} from '../harness.ts';

/** Somebody who has just been told no. */
type Provocation = (office: Office) => Promise<unknown>;

/** One way to each code that an event declares. */
export type Ways = Record<string, Provocation>;

const unknownChat = { chatId: 'c_unknown' };

/** What a new event declares is provoked in a file of its own beside its test, `surveys-submit.refusals.ts`. */
const provocations: Record<string, Ways> = {
  'agents:login': { FORBIDDEN: ({ ann }) => ann.send('agents:login', { rooms: ['sales'] }) },
  'agents:logout': { FORBIDDEN: ({ ann }) => ann.send('agents:logout', {}) },
  'agents:status': {
    FORBIDDEN: ({ ann }) => ann.send('agents:status', { status: 'away' }),
    NOT_FOUND: ({ loggedOut }) => loggedOut.send('agents:status', { status: 'away' }),
  },
  'chats:assign': {
    FORBIDDEN: async ({ bob, activeChat }) =>
      bob.send('chats:assign', { chatId: await activeChat() }),
    NOT_FOUND: ({ ann }) => ann.send('chats:assign', unknownChat),
    CHAT_CLOSED: async ({ backend, closedChat }) =>
      backend.send('chats:assign', { chatId: await closedChat() }),
    ASSIGNMENT_RUNNING: async ({ backend, invitedChat }) =>
      backend.send('chats:assign', { chatId: (await invitedChat()).chatId }),
    UNKNOWN_ALGORITHM: async ({ backend, waitingChat }) =>
      backend.send('chats:assign', { chatId: await waitingChat(), algorithm: 'horoscope' }),
  },
  'chats:close': {
    FORBIDDEN: async ({ bob, activeChat }) =>
      bob.send('chats:close', { chatId: await activeChat() }),
    NOT_FOUND: ({ ann }) => ann.send('chats:close', unknownChat),
  },
  'chats:create': {
    FORBIDDEN: ({ ann }) =>
      ann.send('chats:create', { room: 'sales', source: 'test', creator: 'somebody else' }),
    CHAT_EXISTS: async ({ backend, newCustomer }) => {
      const chat = { room: 'sales', source: 'test', creator: newCustomer() };
      await backend.send('chats:create', chat);
      return backend.send('chats:create', chat);
    },
  },
  'chats:get': { NOT_FOUND: ({ ann }) => ann.send('chats:get', unknownChat) },
  'chats:join': {
    FORBIDDEN: async ({ bob, waitingChat }) =>
      bob.send('chats:join', { chatId: await waitingChat(), as: 'watcher' }),
    NOT_FOUND: async ({ ann, waitingChat }) =>
      ann.send('chats:join', { chatId: await waitingChat() }),
    CHAT_CLOSED: async ({ bob, closedChat }) =>
      bob.send('chats:join', { chatId: await closedChat() }),
    CHAT_TAKEN: async ({ bob, activeChat }) =>
      bob.send('chats:join', { chatId: await activeChat() }),
    AT_CAPACITY: async ({ server, waitingChat }) => {
      const busy = await server.connect({ sub: 'busy', role: 'agent' });
      await busy.send('agents:login', { rooms: ['sales'], capacity: 1 });
      await busy.send('chats:join', { chatId: await waitingChat() });
      return busy.send('chats:join', { chatId: await waitingChat() });
    },
  },
  'chats:leave': {
    FORBIDDEN: async ({ bob, waitingChat }) =>
      bob.send('chats:leave', { chatId: await waitingChat(), userId: 'somebody else' }),
    NOT_FOUND: ({ ann }) => ann.send('chats:leave', unknownChat),
    CHAT_CLOSED: async ({ backend, closedChat }) =>
      backend.send('chats:leave', { chatId: await closedChat() }),
  },
  'chats:toinbox': {
    FORBIDDEN: async ({ bob, activeChat }) =>
      bob.send('chats:toinbox', { chatId: await activeChat() }),
    NOT_FOUND: ({ bob }) => bob.send('chats:toinbox', unknownChat),
    CHAT_CLOSED: async ({ backend, closedChat }) =>
      backend.send('chats:toinbox', { chatId: await closedChat() }),
  },
  'history:import': {
    FORBIDDEN: async ({ bob, waitingChat }) =>
      bob.send('history:import', { chatId: await waitingChat(), history: [entry] }),
    NOT_FOUND: ({ backend }) =>
      backend.send('history:import', { ...unknownChat, history: [entry] }),
  },
  'invitations:accept': {
    FORBIDDEN: ({ ann }) => ann.send('invitations:accept', { invitationId: 'i_unknown' }),
    NOT_FOUND: ({ bob }) => bob.send('invitations:accept', { invitationId: 'i_unknown' }),
    INVITATION_ENDED: async ({ invitedChat }) => {
      const { invited, invitationId } = await invitedChat();
      await invited.send('invitations:reject', { invitationId });
      return invited.send('invitations:accept', { invitationId });
    },
    CHAT_TAKEN: async ({ bob, invitedChat }) => {
      const { chatId, invited, invitationId } = await invitedChat();
      await bob.send('chats:join', { chatId });
      return invited.send('invitations:accept', { invitationId });
    },
    CHAT_CLOSED: async ({ backend, invitedChat }) => {
      const { chatId, invited, invitationId } = await invitedChat();
      await backend.send('chats:close', { chatId });
      return invited.send('invitations:accept', { invitationId });
    },
  },
  'invitations:reject': {
    FORBIDDEN: ({ ann }) => ann.send('invitations:reject', { invitationId: 'i_unknown' }),
    NOT_FOUND: ({ bob }) => bob.send('invitations:reject', { invitationId: 'i_unknown' }),
    INVITATION_ENDED: async ({ invitedChat }) => {
      const { invited, invitationId } = await invitedChat();
      await invited.send('invitations:accept', { invitationId });
      return invited.send('invitations:reject', { invitationId });
    },
  },
  'messages:read': {
    FORBIDDEN: async ({ bob, backend, waitingChat }) => {
      const message = { chatId: await waitingChat(), message: 'Hello' };
      const { id: messageId } = (await backend.send('messages:send', message)).message;
      return bob.send('messages:read', { messageId });
    },
    NOT_FOUND: ({ ann }) => ann.send('messages:read', { messageId: 'c_unknown.1' }),
  },
  'messages:send': {
    FORBIDDEN: async ({ bob, waitingChat }) =>
      bob.send('messages:send', { chatId: await waitingChat(), message: 'Hello' }),
    NOT_FOUND: ({ ann }) => ann.send('messages:send', { ...unknownChat, message: 'Hello' }),
    CHAT_CLOSED: async ({ backend, closedChat }) =>
      backend.send('messages:send', { chatId: await closedChat(), message: 'Hello' }),
  },
  'routing:explain': {
    FORBIDDEN: ({ ann }) => ann.send('routing:explain', unknownChat),
    NOT_FOUND: ({ backend }) => backend.send('routing:explain', unknownChat),
    CHAT_CLOSED: async ({ backend, closedChat }) =>
      backend.send('routing:explain', { chatId: await closedChat() }),
    UNKNOWN_ALGORITHM: async ({ backend, waitingChat }) =>
      backend.send('routing:explain', { chatId: await waitingChat(), algorithm: 'horoscope' }),
  },
  'user:focus': { NOT_FOUND: ({ ann }) => ann.send('user:focus', unknownChat) },
  'session:refresh': {
    FORBIDDEN: async ({ ann }) =>
      ann.send('session:refresh', {
        token: await signToken({ sub: 'somebody else', role: 'customer', secret }),
      }),
  },
  'users:activity': {
    FORBIDDEN: async ({ bob, waitingChat }) =>
      bob.send('users:activity', { chatId: await waitingChat(), type: 'writing' }),
    NOT_FOUND: ({ ann }) => ann.send('users:activity', { ...unknownChat, type: 'writing' }),
    CHAT_CLOSED: async ({ backend, closedChat }) =>
      backend.send('users:activity', { chatId: await closedChat(), type: 'writing' }),
  },
  'users:chats': { FORBIDDEN: ({ ann }) => ann.send('users:chats', { userId: 'somebody else' }) },
};

/** `export default { 'surveys:submit': { … } }`, from every such file. */
const ofNewEvents: Record<string, Ways> = {};
for (const file of await readdir(import.meta.dirname)) {
  if (!file.endsWith('.refusals.ts')) continue;
  const { default: ways }: { default: Record<string, Ways> } = await import(
    join(import.meta.dirname, file)
  );
  Object.assign(ofNewEvents, ways);
}

const entry = { sender: 'Ann', message: 'Hello', created: 1_700_000_000 };

/** People and chats to be refused with. */
class Office {
  readonly server: TestServer;
  readonly ann: TestUser;
  /** An agent of the room who is in no chat. */
  readonly bob: TestUser;
  readonly loggedOut: TestUser;
  readonly backend: TestUser;
  #customers = 0;

  private constructor(
    server: TestServer,
    [ann, bob, loggedOut, backend]: [TestUser, TestUser, TestUser, TestUser],
  ) {
    this.server = server;
    this.ann = ann;
    this.bob = bob;
    this.loggedOut = loggedOut;
    this.backend = backend;
  }

  static async open(): Promise<Office> {
    const server = await startServer();
    const bob = await server.connect({ sub: 'bob', role: 'agent' });
    await bob.send('agents:login', { rooms: ['sales', 'quiet'], capacity: 100 });
    return new Office(server, [
      await server.connect({ sub: 'ann', role: 'customer' }),
      bob,
      await server.connect({ sub: 'lou', role: 'agent' }),
      await server.connect({ sub: 'backend', role: 'service' }),
    ]);
  }

  newCustomer = () => `customer-${++this.#customers}`;

  waitingChat = async (room = 'sales') => {
    const creator = this.newCustomer();
    return (await this.backend.send('chats:create', { room, source: 'test', creator })).chat.id;
  };

  activeChat = async () => {
    const chatId = await this.waitingChat();
    const owner = await this.server.connect({ sub: `owner-of-${chatId}`, role: 'agent' });
    await owner.send('agents:login', { rooms: ['sales'] });
    await owner.send('chats:join', { chatId });
    await owner.send('agents:logout', {});
    return chatId;
  };

  closedChat = async () => {
    const chatId = await this.waitingChat();
    await this.backend.send('chats:close', { chatId });
    return chatId;
  };

  /** A chat that is offered to an agent of a room that bob looks after as well, but is away from. */
  invitedChat = async () => {
    const chatId = await this.waitingChat('quiet');
    await this.bob.send('agents:status', { status: 'away' });
    const invited = await this.server.connect({ sub: `invited-to-${chatId}`, role: 'agent' });
    const invitations = await invited.listen('invitations:new');
    await invited.send('agents:login', { rooms: ['quiet'] });
    await this.backend.send('chats:assign', { chatId });
    const { data } = await invitations.next((invitation) => invitation.data.chatId === chatId);
    await invited.send('agents:status', { status: 'away' });
    return { chatId, invited, invitationId: data.invitationId };
  };
}

let office: Office;
beforeAll(async () => {
  office = await Office.open();
});
afterAll(() => office.server[Symbol.asyncDispose]());

const sendable = events.flatMap((event) => (event.send ? [{ ...event, send: event.send }] : []));

describe.each(sendable)('$name', ({ name, send }) => {
  const ways = { ...provocations, ...ofNewEvents }[name] ?? {};

  test('has a way to each code it declares, and to no other', () => {
    const declared = send.errors.map((each) => (typeof each === 'string' ? each : each.code));
    expect(Object.keys(ways).toSorted()).toEqual(declared.toSorted());
  });

  test.each(Object.keys(ways))('is refused with %s', async (code) => {
    expect(await refusal(ways[code]?.(office) ?? Promise.resolve())).toMatchObject({ code });
  });

  test('is refused with VALIDATION when the data does not fit', async () => {
    const sender = send.by.includes('service') ? office.backend : office.bob;
    const refused = await refusal(sender.sendUnchecked(name as SendName, { surprise: true }));
    expect(refused.code).toBe('VALIDATION');
  });

  test('is refused with UNAUTHORIZED without a token', async () => {
    const { trpc, close } = openClient(office.server.url);
    const mutations: Record<string, { mutate(input: unknown): Promise<unknown> }> = trpc.send;
    expect(await refusal(mutations[name]?.mutate({ data: {} }) ?? Promise.resolve())).toMatchObject(
      {
        code: 'UNAUTHORIZED',
      },
    );
    await close();
  });
});
