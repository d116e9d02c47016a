import { isEventError } from '@parley/client';
import type { Chat, ChatEvents } from '@parley/client/chats';
import { describe, expect, it, vi } from 'vitest';

import {
  collect,
  createChat,
  type Desk,
  type Person,
  type PersonOptions,
  startChat,
  startDesk,
} from './chats-desk.ts';

describe('create', () => {
  it('gives the chat as it stands', async () => {
    await using desk = await startDesk();
    const ann = await desk.customer('ann');
    const chat = await ann.chats.create({ room: 'sales', source: 'web', lang: 'en' });
    expect({ ...chat }).toMatchObject({
      id: expect.stringMatching(/^c_/),
      room: 'sales',
      source: 'web',
      lang: 'en',
      status: 'waiting',
      closed: false,
      customerId: 'ann',
      createdAt: expect.any(Date),
      users: [{ id: 'ann', name: 'Ann', role: 'customer' }],
      watchers: [],
      messages: [],
      pending: [],
      unread: 0,
      activity: [],
    });
    expect(chat.agentId).toBeUndefined();
  });

  it('rejects with CHAT_EXISTS and the chat to open instead', async () => {
    await using desk = await startDesk();
    const ann = await desk.customer('ann');
    const first = await createChat(ann);
    const error = await createChat(ann).catch((reason: unknown) => reason);
    if (!isEventError(error, 'chats:create') || error.code !== 'CHAT_EXISTS') throw error;
    const again = await ann.chats.open(error.data.chatId);
    expect(again.id).toBe(first.id);
  });

  it('makes one chat also when the connection is lost before the reply', async () => {
    await using desk = await startDesk();
    const ann = await desk.customer('ann');
    ann.line.hold();
    const created = createChat(ann);
    await expect.poll(() => ann.recording.count('mutation send.chats:create')).toBe(1);
    ann.line.cut();
    ann.line.mend();
    const { id } = await created;
    const { chats } = await ann.client.send('users:chats', {});
    expect(chats.map((chat) => chat.id)).toEqual([id]);
  });
});

describe('open', () => {
  it('gives the chat with its users, watchers and newest messages', async () => {
    await using desk = await startDesk();
    const { bob, annsChat } = await startChat(desk);
    await annsChat.sendMessage('Hello');
    const sue = await desk.supervisor('sue');
    await sue.client.send('chats:join', { chatId: annsChat.id, as: 'watcher' });
    const chat = await bob.chats.open(annsChat.id);
    expect(chat).toMatchObject({ status: 'active', agentId: 'bob', unread: 1 });
    expect(chat.users.map(({ id }) => id)).toEqual(['ann', 'bob']);
    expect(chat.watchers.map(({ id }) => id)).toEqual(['sue']);
    expect(chat.messages.map(({ message }) => message)).toEqual(['Hello']);
    expect(annsChat.watchers).toEqual([]);
  });

  it('rejects what may not be seen', async () => {
    await using desk = await startDesk();
    const [ann, eve] = [await desk.customer('ann'), await desk.customer('eve')];
    const { id } = await createChat(ann);
    await expect(eve.chats.open(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(eve.recording.count('subscription.stop')).toBe(1);
  });

  it('rejects with the reason of its signal, and when the client is closed', async () => {
    await using desk = await startDesk();
    const ann = await desk.customer('ann');
    const { id } = await createChat(ann);
    const reason = new Error('not wanted any more');
    const { chats } = ann;
    await expect(chats.open(id, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await ann.client.close();
    await expect(chats.open(id)).rejects.toMatchObject({ code: 'DISCONNECTED' });
  });

  it('brings no old news to listeners of a client that starts at an old position', async () => {
    await using desk = await startDesk();
    const { annsChat } = await startChat(desk);
    await annsChat.sendMessage('old');
    const back = await desk.agent('bob', { cursor: '0' });
    const chat = await back.chats.open(annsChat.id);
    const received = collect(chat, 'message:received');
    const joined = collect(chat, 'user:joined');
    await annsChat.sendMessage('new');
    await expect.poll(() => received.map(({ message }) => message.message)).toEqual(['new']);
    await back.caughtUp();
    expect([joined.length, received.length]).toEqual([0, 1]);
  });

  it('misses nothing when chats are opened at once and fetched out of order', async () => {
    await using desk = await startDesk();
    const { annsChat, bobsChat } = await startChat(desk);
    const first = Promise.withResolvers<void>();
    let fetches = 0;
    const late = async (name: string) => {
      if (name === 'chats:get' && (fetches += 1) === 1) await first.promise;
    };
    const laptop = await desk.agent('bob', { late });
    const opening = laptop.chats.open(annsChat.id);
    await expect.poll(() => fetches).toBe(1);
    const message = await annsChat.sendMessage('Hello');
    await laptop.chats.open(bobsChat.id);
    first.resolve();
    expect((await opening).messages).toEqual([message]);
  });

  it('misses and repeats nothing of what happens meanwhile', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat, bobsChat } = await startChat(desk);
    bobsChat.dispose();
    const chatId = annsChat.id;
    const texts = Array.from({ length: 45 }, (_, index) => `message ${index}`);
    let isWriting = true;
    const write = async () => {
      for (const message of texts) await ann.client.send('messages:send', { chatId, message });
      isWriting = false;
    };
    const openOften = async () => {
      const opened = [];
      while (isWriting) {
        // Without any chat, the listeners begin anew with the next one.
        if (opened.length === 4) for (const { chat } of opened.splice(0)) chat.dispose();
        const [first, second] = await Promise.all([bob.chats.open(chatId), bob.chats.open(chatId)]);
        for (const chat of [first, second]) {
          const shown = chat.messages.map(({ message }) => message);
          opened.push({ chat, shown, received: collect(chat, 'message:received') });
        }
      }
      return opened;
    };
    const [opened] = await Promise.all([openOften(), write()]);
    await bob.caughtUp();
    expect(opened).not.toEqual([]);
    for (const { chat, shown, received } of opened) {
      expect(chat.messages.map(({ message }) => message)).toEqual(texts);
      expect([...shown, ...received.map(({ message }) => message.message)]).toEqual(texts);
      expect(chat.unread).toBe(texts.length);
    }
  });
});

describe('listeners', () => {
  it('hear who joins and leaves', async () => {
    await using desk = await startDesk();
    const { bob, annsChat } = await startChat(desk);
    const [joined, left] = [collect(annsChat, 'user:joined'), collect(annsChat, 'user:left')];
    await bob.client.send('chats:leave', { chatId: annsChat.id });
    await expect.poll(() => left).toMatchObject([{ user: { id: 'bob' }, reason: 'left' }]);
    await expect.poll(() => annsChat.status).toBe('waiting');
    expect(annsChat).toMatchObject({ agentId: undefined, users: [{ id: 'ann' }] });
    await bob.client.send('chats:join', { chatId: annsChat.id });
    await expect.poll(() => joined).toMatchObject([{ user: { id: 'bob', name: 'Bob' } }]);
    expect(annsChat).toMatchObject({ status: 'active', agentId: 'bob' });
  });

  it('hear when a supervisor takes part, and not when the owner does', async () => {
    await using desk = await startDesk();
    const ann = await desk.customer('ann');
    const bob = await desk.agent('bob');
    const chat = await createChat(ann);
    const [joined, intervened] = [collect(chat, 'user:joined'), collect(chat, 'chat:intervened')];
    await bob.client.send('chats:join', { chatId: chat.id });
    const sue = await desk.supervisor('sue');
    await sue.client.send('chats:join', { chatId: chat.id, as: 'watcher' });
    await sue.client.send('chats:join', { chatId: chat.id });
    await expect.poll(() => intervened).toMatchObject([{ user: { id: 'sue', as: 'member' } }]);
    expect(joined.map(({ user }) => user.id)).toEqual(['bob', 'sue']);
    expect(chat).toMatchObject({ agentId: 'bob', watchers: [] });
  });

  it('hear what the others write and have read', async () => {
    await using desk = await startDesk();
    const { annsChat, bobsChat } = await startChat(desk);
    const received = collect(bobsChat, 'message:received');
    const read = collect(annsChat, 'message:read');
    const message = await annsChat.sendMessage('Hello');
    await expect.poll(() => received).toEqual([{ message }]);
    await bobsChat.readMessage(message.id);
    await expect
      .poll(() => read)
      .toEqual([
        { chatId: annsChat.id, userId: 'bob', messageId: message.id, readSeq: message.seq },
      ]);
    expect(annsChat.users.find(({ id }) => id === 'bob')?.readSeq).toBe(message.seq);
  });

  it('hear who is invited, and of an assignment that ends without an agent', async () => {
    await using desk = await startDesk();
    const [ann, sue] = [await desk.customer('ann'), await desk.supervisor('sue')];
    const bob = await desk.agent('bob');
    const annsChat = await createChat(ann);
    const suesChat = await sue.chats.open(annsChat.id);
    const invited = collect(suesChat, 'agent:invited');
    const [annHears, alone] = [
      collect(annsChat, 'agent:invited'),
      collect(annsChat, 'forever:alone'),
    ];
    const invitation = bob.client.once('invitations:new');
    const searching = annsChat.searchAgent();
    const { invitationId } = await invitation;
    await expect.poll(() => invited).toMatchObject([{ agent: { id: 'bob' }, attempt: 1 }]);
    await bob.client.send('invitations:reject', { invitationId });
    await searching;
    expect(alone).toMatchObject([{ reason: 'candidates-exhausted', attempts: 1 }]);
    expect(annHears).toEqual([]);
  });

  it('hear when the chat is closed', async () => {
    await using desk = await startDesk();
    const { annsChat, bobsChat } = await startChat(desk);
    const closed = collect(annsChat, 'chat:closed');
    const closing = { reason: 'resolved', extraData: { stars: 5 } };
    expect(await bobsChat.close(closing)).toBe(true);
    await expect.poll(() => closed).toEqual([{ chatId: annsChat.id, userId: 'bob', ...closing }]);
    const { reason: closeReason, extraData } = closing;
    const closedAt = expect.any(Date);
    const status = 'closed';
    expect(annsChat).toMatchObject({ closed: true, status, closedAt, closeReason, extraData });
    expect(await annsChat.close()).toBe(false);
  });

  it('hear nothing of other chats, and stop on their own, by a signal and by dispose', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat, bobsChat } = await startChat(desk);
    const eve = await desk.customer('eve');
    const evesChat = await createChat(eve);
    await bob.client.send('chats:join', { chatId: evesChat.id });
    const other = await bob.chats.open(evesChat.id);
    const texts = (chat: typeof bobsChat, signal?: AbortSignal) => {
      const heard: unknown[] = [];
      const off = chat.on('message:received', (data) => heard.push(data.message.message), {
        signal,
      });
      return { heard, off };
    };
    const controller = new AbortController();
    const [stays, goes, aborted, others] = [
      texts(bobsChat),
      texts(bobsChat),
      texts(bobsChat, controller.signal),
      texts(other),
    ];
    await annsChat.sendMessage('one');
    await evesChat.sendMessage('another');
    await bob.caughtUp();
    goes.off();
    controller.abort();
    await annsChat.sendMessage('two');
    await bob.caughtUp();
    const changed = collect(bobsChat, 'chat:changed');
    bobsChat.dispose();
    bobsChat.dispose();
    changed.length = 0;
    await bobsChat.sendMessage('Wait');
    await ann.client.send('messages:send', { chatId: annsChat.id, message: 'three' });
    await bob.caughtUp();
    expect([stays.heard, goes.heard, aborted.heard]).toEqual([['one', 'two'], ['one'], ['one']]);
    expect(others.heard).toEqual(['another']);
    expect(changed).toEqual([]);
    texts(bobsChat).off();
  });

  it('are called although one throws, which is reported', async () => {
    await using desk = await startDesk();
    const report = vi.fn<(error: unknown) => void>();
    const [ann, bob] = [await desk.customer('ann', { report }), await desk.agent('bob')];
    const chat = await createChat(ann);
    const error = new Error('broken listener');
    chat.on('user:joined', () => {
      throw error;
    });
    const joined = collect(chat, 'user:joined');
    await bob.client.send('chats:join', { chatId: chat.id });
    await expect.poll(() => joined.length).toBe(1);
    expect(report).toHaveBeenCalledExactlyOnceWith(error);
  });

  it('hear of everything that changes what can be read', async () => {
    await using desk = await startDesk();
    const { annsChat, bobsChat } = await startChat(desk);
    const changes: [pending: number, messages: number][] = [];
    annsChat.on('chat:changed', () =>
      changes.push([annsChat.pending.length, annsChat.messages.length]),
    );
    await annsChat.sendMessage('Hello');
    await bobsChat.sendMessage('Hi');
    await expect.poll(() => changes.at(-1)).toEqual([0, 2]);
    expect(changes.slice(0, 2)).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

/** Who can take Bob out of a chat. */
interface Removal {
  bob: Person;
  sue: Person;
  chatId: string;
}

describe('a chat that the user is not in any more', () => {
  /** What Bob hears of the end of his chat. */
  const listen = (chat: Chat) => ({
    gone: collect(chat, 'chat:gone'),
    left: collect(chat, 'user:left'),
    received: collect(chat, 'message:received'),
  });

  it.each([
    ['left', ({ bob, chatId }: Removal) => bob.client.send('chats:leave', { chatId })],
    [
      'was sent to the queue',
      ({ bob, chatId }: Removal) => bob.client.send('chats:toinbox', { chatId }),
    ],
    [
      'was taken out of it',
      ({ sue, chatId }: Removal) => sue.client.send('chats:leave', { chatId, userId: 'bob' }),
    ],
  ])('is gone when the user %s, and says so once', async (_how, remove) => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    const sue = await desk.supervisor('sue');
    const heard = listen(bobsChat);
    await remove({ bob, sue, chatId: bobsChat.id });
    await expect.poll(() => bobsChat.gone).toBe(true);
    await annsChat.sendMessage('Anybody there?');
    bob.line.cut();
    await expect.poll(() => bob.client.status.state).toBe('reconnecting');
    bob.line.mend();
    await expect.poll(() => bob.client.status.state).toBe('open');
    await bob.caughtUp();
    expect(heard.gone).toEqual([{ chatId: bobsChat.id }]);
    expect(heard.left).toMatchObject([{ user: { id: 'bob' } }]);
    expect(heard.received).toEqual([]);
    expect(annsChat).toMatchObject({ gone: false, status: 'waiting' });
  });

  it('is gone when it was handed over', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    const carol = await desk.agent('carol');
    const heard = listen(bobsChat);
    const invited = carol.client.once('invitations:new');
    const searching = bobsChat.searchAgent();
    const { invitationId } = await invited;
    await carol.client.send('invitations:accept', { invitationId });
    expect(await searching).toEqual({ agent: { id: 'carol', name: 'Carol' } });
    await expect.poll(() => bobsChat.gone).toBe(true);
    expect(heard.left).toMatchObject([{ user: { id: 'bob' }, reason: 'transferred' }]);
    await expect.poll(() => annsChat.agentId).toBe('carol');
    await bob.caughtUp();
    expect(heard.gone).toHaveLength(1);
  });

  it.each([
    ['still sees it', false],
    ['sees nothing of it', true],
  ])(
    'is gone after a lost connection in which it was taken away, for one who %s',
    async (_, out) => {
      await using desk = await startDesk();
      const { bob, annsChat, bobsChat } = await startChat(desk);
      const sue = await desk.supervisor('sue');
      if (out) await bob.client.send('agents:logout', {});
      await annsChat.sendMessage('Hello');
      await expect.poll(() => bobsChat.unread).toBe(1);
      const heard = listen(bobsChat);
      bob.line.cut();
      await expect.poll(() => bob.client.status.state).toBe('reconnecting');
      await sue.client.send('chats:leave', { chatId: bobsChat.id, userId: 'bob' });
      await annsChat.sendMessage('Anybody there?');
      bob.line.mend();
      await expect.poll(() => bobsChat.gone).toBe(true);
      await bob.caughtUp();
      expect(heard.gone).toHaveLength(1);
      expect(bobsChat.messages.map(({ message }) => message)).toContain('Hello');
    },
  );

  it('is gone after a lost connection for one who saw it without being in it, and may not any more', async () => {
    await using desk = await startDesk();
    const carol = await desk.agent('carol');
    const annsChat = await createChat(await desk.customer('ann'));
    const chat = await carol.chats.open(annsChat.id);
    const { gone } = listen(chat);
    await carol.client.send('agents:logout', {});
    expect(chat.gone).toBe(false);
    carol.line.cut();
    await expect.poll(() => carol.client.status.state).toBe('reconnecting');
    carol.line.mend();
    await expect.poll(() => chat.gone).toBe(true);
    await carol.caughtUp();
    expect([gone, chat.status]).toEqual([[{ chatId: chat.id }], 'waiting']);
  });

  it('is not gone for one who came back while the connection was lost', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    const sue = await desk.supervisor('sue');
    const { gone } = listen(bobsChat);
    bob.line.cut();
    await expect.poll(() => bob.client.status.state).toBe('reconnecting');
    const back = { chatId: bobsChat.id, userId: 'bob' };
    await sue.client.send('chats:leave', back);
    await sue.client.send('chats:join', back);
    bob.line.mend();
    await annsChat.sendMessage('Hello');
    await expect.poll(() => bobsChat.messages.length).toBe(1);
    await bob.caughtUp();
    expect([bobsChat.gone, gone]).toEqual([false, []]);
  });

  it('waits for no agent, and can be opened again by one who comes back', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    const chatId = bobsChat.id;
    const carol = await desk.agent('carol');
    const invited = carol.client.once('invitations:new');
    const searching = bobsChat.searchAgent();
    await invited;
    await bob.client.send('chats:leave', { chatId });
    expect(await searching).toEqual({ agent: null, reason: 'disconnected' });
    await bob.client.send('chats:join', { chatId });
    const again = await bob.chats.open(chatId);
    await annsChat.sendMessage('Hello');
    await expect.poll(() => again.messages.length).toBe(1);
    expect([again.gone, bobsChat.gone, bobsChat.messages]).toEqual([false, true, []]);
  });
});

describe('close', () => {
  const usual = 'customer-left';
  it.each([
    [{}, usual, undefined],
    [{ reason: 'resolved' }, 'resolved', undefined],
    [{ extraData: { stars: 5 } }, usual, { stars: 5 }],
    [{ stars: 5 }, usual, { stars: 5 }],
    [{ reason: 'slow', stars: 1 }, usual, { reason: 'slow', stars: 1 }],
    [{ reason: 1 }, usual, { reason: 1 }],
  ])('takes %j', async (given, closeReason, extraData) => {
    await using desk = await startDesk();
    const chat = await createChat(await desk.customer('ann'));
    expect(await chat.close(given)).toBe(true);
    await expect.poll(() => chat.closed).toBe(true);
    expect([chat.closeReason, chat.extraData]).toEqual([closeReason, extraData]);
  });
});

describe('the wire', () => {
  const names = (person: { recording: { count(asked: string): number } }) =>
    ['messages:new', 'users:activity', 'chats:close'].map((name) =>
      person.recording.count(`subscription listen.${name}`),
    );

  it('has one subscription per event for all chats, until the last is disposed', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    const again = await bob.chats.open(annsChat.id);
    expect(names(bob)).toEqual([1, 1, 1]);
    bobsChat.dispose();
    expect(bob.recording.count('subscription.stop')).toBe(0);
    again.dispose();
    const stopped = bob.recording.count('subscription.stop');
    expect(stopped).toBeGreaterThan(5);
    using reopened = await bob.chats.open(annsChat.id);
    expect(reopened.id).toBe(annsChat.id);
    await expect.poll(() => names(bob)).toEqual([2, 2, 2]);
  });

  it('is shared with what is subscribed besides', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    const heard: unknown[] = [];
    bob.client.subscribe('messages:new', ({ message }) => heard.push(message.message));
    await annsChat.sendMessage('one');
    await expect.poll(() => bobsChat.messages.length).toBe(1);
    bobsChat.dispose();
    await annsChat.sendMessage('two');
    await expect.poll(() => heard).toEqual(['one', 'two']);
    expect(names(bob)).toEqual([1, 1, 1]);
  });
});

describe('a chat whose connection was lost', () => {
  it('hears what it missed once and in order, however much that is', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat, bobsChat } = await startChat(desk);
    const received = collect(bobsChat, 'message:received');
    await annsChat.sendMessage('before');
    await expect.poll(() => received.length).toBe(1);
    bob.line.cut();
    const texts = Array.from({ length: 130 }, (_, index) => `missed ${index}`);
    for (const message of texts) {
      await ann.client.send('messages:send', { chatId: annsChat.id, message });
    }
    bob.line.mend();
    await expect.poll(() => received.length).toBe(131);
    await annsChat.sendMessage('after');
    await expect.poll(() => received.length).toBe(132);
    const all = ['before', ...texts, 'after'];
    expect(received.map(({ message }) => message.message)).toEqual(all);
    expect(bobsChat.messages.map(({ message }) => message)).toEqual(all);
    expect(bobsChat.unread).toBe(132);
  });

  it('hears what it missed also of events that it had heard nothing of', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat, bobsChat } = await startChat(desk);
    const heard: (keyof ChatEvents)[] = [];
    const names = ['user:joined', 'user:left', 'message:received', 'chat:closed'] as const;
    for (const name of names) annsChat.on(name, () => heard.push(name));
    ann.line.cut();
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    const sue = await desk.supervisor('sue');
    await sue.client.send('chats:join', { chatId: annsChat.id });
    await sue.client.send('chats:leave', { chatId: annsChat.id });
    await bobsChat.sendMessage('Goodbye');
    await bobsChat.close({ reason: 'resolved' });
    ann.line.mend();
    await expect.poll(() => heard.length).toBe(4);
    expect(heard.toSorted()).toEqual([...names].toSorted());
    expect(annsChat).toMatchObject({ closed: true, closeReason: 'resolved', agentId: 'bob' });
    expect(annsChat.users.map(({ id }) => id)).toEqual(['ann', 'bob']);
    await bob.caughtUp();
  });

  it('is fetched once on a connection, however often it was lost before that', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    const fetches = () => bob.recording.count('mutation send.chats:get');
    let [before, cuts] = [0, 0];
    bob.client.onStatus(({ state }) => {
      if (state === 'open') before = fetches();
      if (state === 'open' && cuts < 4) bob.line.cut();
      if (state !== 'reconnecting') return;
      cuts += 1;
      bob.line.mend();
    });
    bob.line.cut();
    await expect.poll(() => cuts).toBe(4);
    await annsChat.sendMessage('Hello');
    await expect.poll(() => bobsChat.messages.length).toBe(1);
    await bob.caughtUp();
    expect(fetches() - before).toBe(1);
  });

  it('stands as the server has it, also when the app listened before it', async () => {
    await using desk = await startDesk();
    const { ann, bob, chat, received } = await listenFirst(desk);
    ann.line.cut();
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    await bob.client.send('chats:join', { chatId: chat.id });
    const missed = await writeMany(bob, chat.id, 60);
    await bob.client.send('chats:close', { chatId: chat.id });
    ann.line.mend();
    await expect.poll(() => chat.closed).toBe(true);
    expect(chat).toMatchObject({ agentId: 'bob', closeReason: 'resolved', unread: 60 });
    expect(chat.users.map(({ id }) => id)).toEqual(['ann', 'bob']);
    expect(chat.messages.map(({ message }) => message)).toEqual(missed);
    expect(received.map(({ message }) => message.message)).toEqual(missed);
  });

  it('has no gap also when the connection is lost again before it is fetched', async () => {
    await using desk = await startDesk();
    const fetches: PromiseWithResolvers<void>[] = [];
    let isLate = false;
    const late = async (name: string) => {
      if (!isLate || name !== 'chats:get') return;
      const fetched = Promise.withResolvers<void>();
      fetches.push(fetched);
      await fetched.promise;
    };
    const { ann, bob, chat, received } = await listenFirst(desk, { late });
    await bob.client.send('chats:join', { chatId: chat.id });
    ann.line.cut();
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    const missed = await writeMany(bob, chat.id, 60);
    isLate = true;
    ann.line.mend();
    await expect.poll(() => fetches.length).toBe(1);
    const live = await writeMany(bob, chat.id, 1);
    await expect.poll(() => chat.messages.at(-1)?.message).toBe(live[0]);
    ann.line.cut();
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    isLate = false;
    ann.line.mend();
    await expect.poll(() => chat.messages.length).toBe(61);
    for (const { resolve } of fetches) resolve();
    await ann.caughtUp();
    expect(chat.messages.map(({ message }) => message)).toEqual([...missed, ...live]);
    expect(received).toHaveLength(61);
  });

  /** Ann's app has listened to everything itself, and heard nothing yet, when she creates a chat. */
  async function listenFirst(desk: Desk, options?: PersonOptions) {
    const [ann, bob] = [await desk.customer('ann', options), await desk.agent('bob')];
    for (const name of ['messages:new', 'chats:join', 'chats:close'] as const) {
      ann.client.subscribe(name, () => {});
    }
    const chat = await createChat(ann);
    return { ann, bob, chat, received: collect(chat, 'message:received') };
  }

  async function writeMany({ client }: Person, chatId: string, count: number) {
    const texts = Array.from({ length: count }, (_, index) => `message ${index} of ${count}`);
    for (const message of texts) await client.send('messages:send', { chatId, message });
    return texts;
  }
});
