import { type HistoryEntry, isEventError } from '@parley/client';
import { MessageError, type PendingMessage } from '@parley/client/chats';
import { describe, expect, it } from 'vitest';

import { collect, createChat, startChat, startDesk } from './chats-desk.ts';

const bodies = (messages: readonly { message: unknown }[]) =>
  messages.map(({ message }) => message);

describe('sendMessage', () => {
  it('shows a message as pending at once, and as confirmed when the server has it, never twice', async () => {
    await using desk = await startDesk();
    const { annsChat } = await startChat(desk);
    const received = collect(annsChat, 'message:received');
    const shown: unknown[][] = [];
    annsChat.on('chat:changed', () =>
      shown.push([...bodies(annsChat.messages), ...bodies(annsChat.pending)]),
    );
    const pending: PendingMessage[] = [];
    const sent = annsChat.sendMessage('Hello', { onPending: (message) => pending.push(message) });
    expect(pending).toEqual([
      {
        key: expect.any(String),
        chatId: annsChat.id,
        state: 'pending',
        type: 'text',
        message: 'Hello',
        visibility: 'all',
        created: expect.any(Date),
        retry: expect.any(Function),
        discard: expect.any(Function),
      },
    ]);
    expect(annsChat).toMatchObject({ pending, messages: [] });

    const message = await sent;
    expect(message).toMatchObject({ chatId: annsChat.id, message: 'Hello', sender: { id: 'ann' } });
    expect(annsChat).toMatchObject({ pending: [], messages: [message], unread: 0 });
    await annsChat.sendMessage('Are you there?');
    expect(shown.filter((each) => new Set(each).size < each.length)).toEqual([]);
    expect(shown).not.toContainEqual([]);
    expect(received).toEqual([]);
  });

  it('confirms by what was heard when the reply is lost', async () => {
    await using desk = await startDesk();
    const { ann, annsChat } = await startChat(desk);
    const [socket] = ann.recording.sockets;
    const off = ann.client.subscribe('messages:new', () => {
      off();
      socket?.close();
    });
    const message = await annsChat.sendMessage('Hello');
    expect(annsChat).toMatchObject({ pending: [], messages: [message] });
    await expect.poll(() => ann.client.status.state).toBe('open');
    await ann.caughtUp();
    expect(annsChat).toMatchObject({ pending: [], messages: [message] });
  });

  it('sends objects, and what only agents see', async () => {
    await using desk = await startDesk();
    const { ann, annsChat, bobsChat } = await startChat(desk);
    const card = { title: 'Your order', items: [1, 2] };
    expect(await bobsChat.sendMessage(card)).toMatchObject({ type: 'object', message: card });
    const hidden = await bobsChat.sendMessage('A difficult one', { visibility: 'agents' });
    expect(hidden.visibility).toBe('agents');
    await ann.caughtUp();
    expect(bodies(annsChat.messages)).toEqual([card]);
    expect(annsChat.unread).toBe(1);
  });

  it('fails in a closed chat, and the message can be discarded', async () => {
    await using desk = await startDesk();
    const { annsChat } = await startChat(desk);
    await annsChat.close();
    const refused = expect(annsChat.sendMessage('Too late')).rejects;
    await refused.toMatchObject({ code: 'CHAT_CLOSED' });
    expect(annsChat.pending).toMatchObject([
      { state: 'failed', message: 'Too late', error: { code: 'CHAT_CLOSED' } },
    ]);
    annsChat.pending[0]?.discard();
    expect(annsChat.pending).toEqual([]);
  });

  it('stays pending while there is no connection, and goes through when there is one again', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat, bobsChat } = await startChat(desk);
    ann.line.stall();
    const first = annsChat.sendMessage('Hello');
    await expect.poll(() => ann.recording.count('mutation send.messages:send')).toBe(1);
    ann.line.cut();
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    const second = annsChat.sendMessage('Are you there?');
    const waiting = [
      { state: 'pending', message: 'Hello' },
      { state: 'pending', message: 'Are you there?' },
    ];
    expect(annsChat.pending).toMatchObject(waiting);
    ann.line.mend();
    await Promise.all([first, second]);
    await bob.caughtUp();
    expect(annsChat.pending).toEqual([]);
    const both = ['Hello', 'Are you there?'];
    expect([bodies(annsChat.messages), bodies(bobsChat.messages)]).toEqual([both, both]);
  });

  it('is not sent any more when it is discarded while it waits for a connection', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat, bobsChat } = await startChat(desk);
    ann.line.cut();
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    const discarded = expect(annsChat.sendMessage('No.')).rejects.toThrow('aborted');
    const sent = annsChat.sendMessage('Yes.');
    annsChat.pending[0]?.discard();
    await discarded;
    expect(bodies(annsChat.pending)).toEqual(['Yes.']);
    ann.line.mend();
    await sent;
    await bob.caughtUp();
    expect([bodies(annsChat.messages), bodies(bobsChat.messages)]).toEqual([['Yes.'], ['Yes.']]);
  });

  it('rejects with an error that has the message, to send it again or to discard it', async () => {
    await using desk = await startDesk();
    const { ann, annsChat, bobsChat } = await startChat(desk);
    const changes = collect(annsChat, 'chat:changed');
    await bobsChat.close();
    await expect.poll(() => annsChat.closed).toBe(true);
    await ann.caughtUp();
    const refused = await annsChat.sendMessage('Too late').catch((reason: unknown) => reason);
    if (!(refused instanceof MessageError)) throw refused;
    expect(isEventError(refused, 'messages:send')).toBe(true);
    expect(refused).toMatchObject({ code: 'CHAT_CLOSED', event: 'messages:send' });
    expect(refused.cause).toBe(refused.pending.error);
    expect(annsChat.pending).toEqual([refused.pending]);
    changes.length = 0;
    const again = refused.pending.retry();
    expect(annsChat.pending).toMatchObject([{ key: refused.pending.key, state: 'pending' }]);
    await expect(again).rejects.toMatchObject({ code: 'CHAT_CLOSED' });
    expect(annsChat.pending).toMatchObject([{ message: 'Too late', state: 'failed' }]);
    refused.pending.discard();
    refused.pending.discard();
    expect([annsChat.pending, changes.length]).toEqual([[], 3]);
  });

  it('is confirmed after a lost connection when the server has it, and not shown twice', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat, bobsChat } = await startChat(desk);
    const received = collect(annsChat, 'message:received');
    const shown: unknown[][] = [];
    annsChat.on('chat:changed', () =>
      shown.push([...bodies(annsChat.messages), ...bodies(annsChat.pending)]),
    );
    ann.line.hold();
    const sent = annsChat.sendMessage('Hello');
    await expect.poll(() => bodies(bobsChat.messages)).toEqual(['Hello']);
    ann.line.cut();
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    expect(annsChat.pending).toMatchObject([{ state: 'pending' }]);
    await bobsChat.sendMessage('Hi');
    ann.line.mend();
    await expect.poll(() => bodies(annsChat.messages)).toEqual(['Hello', 'Hi']);
    expect(await sent).toEqual(annsChat.messages[0]);
    expect(annsChat.pending).toEqual([]);
    expect(shown.filter((each) => new Set(each).size < each.length)).toEqual([]);
    expect(received.map(({ message }) => message.message)).toEqual(['Hi']);
    await bob.caughtUp();
  });

  it('is never shown twice, also when the app listened before and its occurrence was missed', async () => {
    await using desk = await startDesk();
    const ann = await desk.customer('ann');
    ann.client.subscribe('messages:new', () => {});
    const chat = await createChat(ann);
    ann.line.hold();
    const sent = chat.sendMessage('Hello');
    await expect.poll(() => ann.recording.count('mutation send.messages:send')).toBe(1);
    ann.line.cut();
    ann.line.mend();
    await sent;
    await ann.caughtUp();
    const shown = () => [...bodies(chat.messages), ...bodies(chat.pending)];
    expect([shown(), chat.pending]).toEqual([['Hello'], []]);
  });

  it('fails with the reason of its signal', async () => {
    await using desk = await startDesk();
    const { annsChat } = await startChat(desk);
    const reason = new Error('not wanted any more');
    const signal = AbortSignal.abort(reason);
    await expect(annsChat.sendMessage('Hello', { signal })).rejects.toBe(reason);
    expect(annsChat.pending).toMatchObject([{ state: 'failed', error: reason }]);
  });

  it("is received on the user's other devices", async () => {
    await using desk = await startDesk();
    const { annsChat } = await startChat(desk);
    const phone = await (await desk.customer('ann')).chats.open(annsChat.id);
    const received = collect(phone, 'message:received');
    const message = await annsChat.sendMessage('Hello');
    await expect.poll(() => received).toEqual([{ message }]);
    expect(phone.unread).toBe(0);
  });
});

describe('unread', () => {
  it('counts what others write until it is read, on this device or another', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    const phone = await (await desk.customer('ann')).chats.open(annsChat.id);
    const sent = [];
    for (const message of ['one', 'two', 'three']) sent.push(await bobsChat.sendMessage(message));
    await annsChat.sendMessage('Hold on');
    await expect.poll(() => [annsChat.unread, phone.unread, bobsChat.unread]).toEqual([3, 3, 1]);
    await annsChat.readMessage(sent[1]?.id ?? '');
    expect(annsChat.unread).toBe(1);
    await expect.poll(() => phone.unread).toBe(1);
    await annsChat.readMessage(sent[0]?.id ?? '');
    expect(annsChat.unread).toBe(1);
    await phone.readMessage(sent[2]?.id ?? '');
    await expect.poll(() => [annsChat.unread, phone.unread]).toEqual([0, 0]);
    await bobsChat.sendMessage('four');
    await expect.poll(() => annsChat.unread).toBe(1);
    await bob.caughtUp();
    expect(bobsChat.unread).toBe(1);
  });

  it('is as the server counts it when the chat is opened, also with more than a page', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat } = await startChat(desk);
    const chatId = annsChat.id;
    for (let index = 0; index < 70; index += 1) {
      await ann.client.send('messages:send', { chatId, message: `message ${index}` });
    }
    const chat = await bob.chats.open(chatId);
    expect([chat.messages.length, chat.unread]).toEqual([50, 70]);
    await annsChat.sendMessage('one more');
    await expect.poll(() => chat.unread).toBe(71);
    await chat.history();
    expect([chat.messages.length, chat.unread]).toEqual([71, 71]);
    await chat.readMessage(chat.messages[60]?.id ?? '');
    expect(chat.unread).toBe(10);
  });

  it('goes down to what is kept when that is read, and not what is older', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat } = await startChat(desk);
    const chatId = annsChat.id;
    for (let index = 0; index < 70; index += 1) {
      await ann.client.send('messages:send', { chatId, message: `message ${index}` });
    }
    const chat = await bob.chats.open(chatId);
    await chat.readMessage(chat.messages[45]?.id ?? '');
    expect([chat.messages.length, chat.unread]).toEqual([50, 4]);
  });
});

describe('history', () => {
  it('gives pages back to the beginning, and keeps them', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await desk.agent('bob')];
    const annsChat = await createChat(ann);
    const chatId = annsChat.id;
    await bob.client.send('chats:join', { chatId });
    const entries = Array.from({ length: 70 }, (_, index) => entry(index));
    await bob.client.send('history:import', { chatId, history: entries });
    await annsChat.sendMessage('live');
    const chat = await bob.chats.open(chatId);
    const all = [...bodies(entries), 'live'];
    expect(bodies(chat.messages)).toEqual(all.slice(-50));
    expect(bodies(await chat.history({ limit: 15 }))).toEqual(all.slice(6, 21));
    expect(bodies(await chat.history())).toEqual(all.slice(0, 6));
    expect(await chat.history()).toEqual([]);
    expect(bodies(chat.messages)).toEqual(all);
  });

  it('gives any page, and keeps only what joins on', async () => {
    await using desk = await startDesk();
    const { ann, bob, annsChat } = await startChat(desk);
    const chatId = annsChat.id;
    for (let index = 0; index < 60; index += 1) {
      await ann.client.send('messages:send', { chatId, message: `message ${index}` });
    }
    const chat = await bob.chats.open(chatId);
    const before = chat.messages[30]?.id;
    expect(bodies(await chat.history({ before, limit: 2 }))).toEqual(['message 38', 'message 39']);
    expect(chat.messages).toHaveLength(50);
  });
});

describe('importHistory', () => {
  it('imports any number in parts that fit, and twice the same is once', async () => {
    await using desk = await startDesk();
    const { bob, bobsChat, annsChat } = await startChat(desk);
    const entries = Array.from({ length: 1200 }, (_, index) => entry(index));
    const progress: unknown[] = [];
    const onProgress = (each: unknown) => progress.push(each);
    const first = await bobsChat.importHistory(entries, { source: 'whatsapp', onProgress });
    expect(first).toEqual({ imported: 1200, skipped: 0, errors: [] });
    expect(progress.length).toBeGreaterThanOrEqual(3);
    expect(progress.at(-1)).toEqual({ done: 1200, total: 1200 });
    const second = await bobsChat.importHistory(entries, { source: 'whatsapp' });
    expect(second).toEqual({ imported: 0, skipped: 1200, errors: [] });

    const chat = await bob.chats.open(annsChat.id);
    for (let page = await chat.history({ limit: 200 }); page.length > 0;) {
      page = await chat.history({ limit: 200 });
    }
    expect(bodies(chat.messages)).toEqual(bodies(entries));
    expect(chat.messages[0]).toMatchObject({ source: 'whatsapp', created: entries[0]?.created });
    expect(chat.unread).toBe(0);
  });

  it('shows at once what was imported, to everybody in the chat', async () => {
    await using desk = await startDesk();
    const { annsChat, bobsChat } = await startChat(desk);
    const received = collect(annsChat, 'message:received');
    await bobsChat.sendMessage('live');
    await bobsChat.importHistory([entry(5), entry(6)]);
    await expect.poll(() => bodies(annsChat.messages)).toEqual(['entry 5', 'entry 6', 'live']);
    await bobsChat.importHistory([entry(7), entry(1)]);
    const all = ['entry 1', 'entry 5', 'entry 6', 'entry 7', 'live'];
    await expect.poll(() => bodies(annsChat.messages)).toEqual(all);
    expect(received.map(({ message }) => message.message)).toEqual(['live']);
    expect(annsChat.unread).toBe(1);
  });

  it('leaves no gap in what is kept when something is imported in between', async () => {
    await using desk = await startDesk();
    const { bobsChat } = await startChat(desk);
    const all = Array.from({ length: 80 }, (_, index) => entry(index));
    const [later] = all.splice(5, 1);
    await bobsChat.importHistory(all);
    await expect.poll(() => bobsChat.messages.length).toBe(50);
    await bobsChat.history();
    expect(bodies(bobsChat.messages)).toEqual(bodies(all));
    if (later) await bobsChat.importHistory([later]);
    await expect.poll(() => bobsChat.messages.length).toBe(50);
    await bobsChat.history();
    expect(bodies(bobsChat.messages)).toEqual(
      Array.from({ length: 80 }, (_, index) => `entry ${index}`),
    );
  });

  it('sends frames below the limit, however long the entries are', async () => {
    await using desk = await startDesk();
    const { bobsChat } = await startChat(desk);
    const long = Array.from({ length: 40 }, (_, index) => ({
      ...entry(index),
      message: '☃'.repeat(8000),
    }));
    const imports = [bobsChat.importHistory(long), bobsChat.sendMessage('☃'.repeat(8000))] as const;
    expect(await imports[0]).toEqual({ imported: 40, skipped: 0, errors: [] });
    await imports[1];
  });

  it('sends no more entries at once than the server takes, however short they are', async () => {
    await using desk = await startDesk();
    const { bobsChat } = await startChat(desk);
    const short = Array.from({ length: 1000 }, (_, created) => ({
      sender: 'A',
      message: 'x',
      created,
    }));
    expect(await bobsChat.importHistory(short)).toMatchObject({ imported: 1000 });
  });

  it('reports bad entries by their place in what was given, and imports the others', async () => {
    await using desk = await startDesk();
    const { bobsChat } = await startChat(desk);
    const entries = Array.from({ length: 700 }, (_, index) => entry(index));
    const bad = { ...entry(0), message: 'x'.repeat(9000) };
    const huge = { ...entry(0), message: 'x'.repeat(70_000) };
    const unwritable = { ...entry(0), message: JSON.parse('{"constructor": 1}') };
    const mixed = [...entries.slice(0, 600), bad, huge, unwritable, ...entries.slice(600)];
    const result = await bobsChat.importHistory(mixed);
    expect(result).toMatchObject({ imported: 700, skipped: 0 });
    expect(result.errors.map(({ index }) => index)).toEqual([600, 601, 602]);
  });

  it('imports nothing when it is only a check, or atomic and an entry is bad', async () => {
    await using desk = await startDesk();
    const { bobsChat } = await startChat(desk);
    const entries = Array.from({ length: 600 }, (_, index) => entry(index));
    const mixed = [...entries, { ...entry(0), message: '' }];
    const checked = await bobsChat.importHistory(mixed, { dryRun: true });
    expect(checked).toMatchObject({ imported: 600, errors: [{ index: 600 }] });
    const refused = await bobsChat.importHistory(mixed, { atomic: true });
    expect(refused).toMatchObject({ imported: 0, errors: [{ index: 600 }] });
    const done = await bobsChat.importHistory(entries, { atomic: true });
    expect(done).toEqual({ imported: 600, skipped: 0, errors: [] });
  });

  it('goes on after a lost connection, with one effect', async () => {
    await using desk = await startDesk();
    const { bob, bobsChat } = await startChat(desk);
    const entries = Array.from({ length: 1200 }, (_, index) => entry(index));
    let cuts = 0;
    const onProgress = () => {
      if (cuts === 2) return;
      cuts += 1;
      queueMicrotask(() => {
        bob.line.cut();
        bob.line.mend();
      });
    };
    const result = await bobsChat.importHistory(entries, { onProgress });
    expect(result).toEqual({ imported: 1200, skipped: 0, errors: [] });
    expect(cuts).toBe(2);
  });

  it('is refused to customers, and ends with its signal', async () => {
    await using desk = await startDesk();
    const { annsChat, bobsChat } = await startChat(desk);
    await expect(annsChat.importHistory([entry(1)])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const reason = new Error('not wanted any more');
    const signal = AbortSignal.abort(reason);
    await expect(bobsChat.importHistory([entry(1)], { signal })).rejects.toBe(reason);
  });
});

function entry(index: number): HistoryEntry & { created: Date } {
  return {
    sender: index % 2 === 0 ? 'Ann' : 'Bob',
    message: `entry ${index}`,
    created: new Date(Date.UTC(2025, 0, 1, 0, 0, index)),
  };
}
