import type { Chat, ChatList } from '@parley/client/chats';
import { describe, expect, it } from 'vitest';

import { createChat, type Desk, type Person, startDesk } from './chats-desk.ts';

/** An agent with a list, and customers whose chats the agent takes. */
async function startList(desk: Desk, ...customers: string[]) {
  const bob = await desk.agent('bob');
  const chats: Chat[] = [];
  for (const name of customers) {
    const chat = await createChat(await desk.customer(name));
    await bob.client.send('chats:join', { chatId: chat.id });
    chats.push(chat);
  }
  const list = await bob.chats.list();
  return {
    bob,
    chats,
    list,
    added: named(list, 'chat:added'),
    removed: named(list, 'chat:removed'),
  };
}

/** Whose chats came into a list or left it, in order. */
function named(list: ChatList, name: 'chat:added' | 'chat:removed') {
  const heard: string[] = [];
  list.on(name, ({ chat }) => heard.push(chat.customerId));
  return heard;
}

const customersOf = ({ chats }: ChatList) => chats.map(({ customerId }) => customerId);
const unreadIn = ({ chats }: ChatList) =>
  Object.fromEntries(chats.map(({ customerId, unread }) => [customerId, unread]));

async function lose({ client, line }: Person) {
  line.cut();
  await expect.poll(() => client.status.state).toBe('reconnecting');
}

describe('list', () => {
  it('has the chats the user is in, oldest first, with what is unread', async () => {
    await using desk = await startDesk();
    const { bob, chats, list } = await startList(desk, 'ann', 'eve');
    await createChat(await desk.customer('tom'));
    await chats[1]?.sendMessage('Hello');
    await chats[1]?.sendMessage('Anybody there?');
    await expect.poll(() => list.unread).toBe(2);
    expect([customersOf(list), unreadIn(list)]).toEqual([['ann', 'eve'], { ann: 0, eve: 2 }]);
    const again = await bob.chats.list();
    expect(unreadIn(again)).toEqual({ ann: 0, eve: 2 });
  });

  it('is not asked for again because of the chats of others', async () => {
    await using desk = await startDesk();
    const { bob, list } = await startList(desk, 'ann');
    await bob.caughtUp();
    const before = bob.recording.count('mutation send.users:chats');
    const created = bob.client.once('chats:create');
    const chat = await createChat(await desk.customer('tom'));
    await created;
    const sue = await desk.supervisor('sue');
    for (const chatId of [chat.id, list.chats[0]?.id ?? '']) {
      await sue.client.send('chats:join', { chatId });
    }
    await expect.poll(() => list.chats[0]?.users.length).toBe(3);
    expect(bob.recording.count('mutation send.users:chats')).toBe(before);
  });

  it('is empty for one who is in no chat', async () => {
    await using desk = await startDesk();
    const { list } = await startList(desk);
    expect([list.chats, list.unread]).toEqual([[], 0]);
  });

  it('gets the chats that an agent takes, by whatever way', async () => {
    await using desk = await startDesk();
    const { bob, list, added } = await startList(desk);
    const [ann, eve] = [await desk.customer('ann'), await desk.customer('eve')];
    const annsChat = await createChat(ann);
    await bob.client.send('chats:join', { chatId: annsChat.id });
    await expect.poll(() => customersOf(list)).toEqual(['ann']);
    const invited = bob.client.once('invitations:new');
    const evesChat = await createChat(eve);
    const searching = evesChat.searchAgent();
    const { invitationId } = await invited;
    await bob.client.send('invitations:accept', { invitationId });
    await searching;
    await expect.poll(() => customersOf(list)).toEqual(['ann', 'eve']);
    expect(added).toEqual(['ann', 'eve']);
    await evesChat.sendMessage('Hello');
    await expect.poll(() => unreadIn(list)).toEqual({ ann: 0, eve: 1 });
  });

  it('gets the chat that a customer creates, here or elsewhere', async () => {
    await using desk = await startDesk();
    const ann = await desk.customer('ann');
    const list = await ann.chats.list();
    const phone = await desk.customer('ann');
    const { id } = await createChat(phone);
    await expect.poll(() => list.chats.map((chat) => chat.id)).toEqual([id]);
    expect(list.chats[0]).toMatchObject({ status: 'waiting', gone: false });
  });

  it('counts what comes and what is read, on this device or another', async () => {
    await using desk = await startDesk();
    const { bob, chats, list } = await startList(desk, 'ann', 'eve');
    const counts: number[] = [];
    list.on('list:changed', () => counts.push(list.unread));
    const phone = await (await desk.agent('bob')).chats.list();
    const first = await chats[0]?.sendMessage('Hello');
    await chats[1]?.sendMessage('Hello');
    await expect.poll(() => [list.unread, phone.unread]).toEqual([2, 2]);
    await phone.chats[0]?.readMessage(first?.id ?? '');
    await expect.poll(() => [unreadIn(list), phone.unread]).toEqual([{ ann: 0, eve: 1 }, 1]);
    await bob.caughtUp();
    expect(counts.filter((count, index) => count !== counts[index - 1])).toEqual([1, 2, 1]);
  });

  it('drops a chat that the user leaves, and keeps one that is closed until it is disposed', async () => {
    await using desk = await startDesk();
    const { bob, chats, list, removed } = await startList(desk, 'ann', 'eve');
    const before = list.chats;
    await bob.client.send('chats:leave', { chatId: chats[0]?.id ?? '' });
    await expect.poll(() => customersOf(list)).toEqual(['eve']);
    await chats[1]?.close();
    await expect.poll(() => list.chats[0]?.closed).toBe(true);
    expect(before).toHaveLength(2);
    list.chats[0]?.dispose();
    expect([customersOf(list), removed]).toEqual([[], ['ann', 'eve']]);
    await bob.client.send('chats:join', { chatId: chats[0]?.id ?? '' });
    await expect.poll(() => customersOf(list)).toEqual(['ann']);
  });

  it('is as the server has it after a lost connection', async () => {
    await using desk = await startDesk();
    const { bob, chats, list, added, removed } = await startList(desk, 'ann', 'eve', 'joe');
    const phone = await desk.agent('bob');
    const [annsChat, evesChat, joesChat] = chats;
    await lose(bob);
    const tomsChat = await createChat(await desk.customer('tom'));
    await phone.client.send('chats:join', { chatId: tomsChat.id });
    await phone.client.send('chats:leave', { chatId: annsChat?.id ?? '' });
    await evesChat?.sendMessage('Hello');
    await joesChat?.close();
    await tomsChat.sendMessage('Hello');
    bob.line.mend();
    await expect.poll(() => unreadIn(list)).toEqual({ eve: 1, joe: 0, tom: 1 });
    await bob.caughtUp();
    expect([added, removed]).toEqual([['tom'], ['ann']]);
    expect(list.chats.map(({ closed }) => closed)).toEqual([false, true, false]);
  });

  it('has what it missed before it had heard anything', async () => {
    await using desk = await startDesk();
    const { bob, list } = await startList(desk);
    const phone = await desk.agent('bob');
    await lose(bob);
    const chat = await createChat(await desk.customer('ann'));
    await phone.client.send('chats:join', { chatId: chat.id });
    bob.line.mend();
    await expect.poll(() => customersOf(list)).toEqual(['ann']);
  });

  it('has every chat once, however fast one comes and goes', async () => {
    await using desk = await startDesk();
    const { bob, chats, list } = await startList(desk, 'ann', 'eve');
    const phone = await desk.agent('bob');
    for (const chatId of chats.map(({ id }) => id)) {
      for (let round = 0; round < 10; round += 1) {
        await phone.client.send('chats:leave', { chatId });
        await phone.client.send('chats:join', { chatId });
      }
    }
    await expect.poll(() => customersOf(list)).toEqual(['ann', 'eve']);
    for (const chat of chats) await chat.sendMessage('Hello');
    await expect.poll(() => unreadIn(list)).toEqual({ ann: 1, eve: 1 });
    await bob.caughtUp();
    expect(customersOf(list)).toEqual(['ann', 'eve']);
  });

  it('hears nothing and subscribes to nothing when it is disposed', async () => {
    await using desk = await startDesk();
    const { bob, chats, list, removed } = await startList(desk, 'ann');
    const [chat] = list.chats;
    await expect.poll(() => bob.recording.count('subscription listen.messages:new')).toBe(1);
    const changes: unknown[] = [];
    list.on('list:changed', (change) => changes.push(change));
    list.dispose();
    list.dispose();
    await chats[0]?.sendMessage('Hello');
    const other = await createChat(await desk.customer('eve'));
    await bob.client.send('chats:join', { chatId: other.id });
    await bob.caughtUp();
    expect([list.chats, chat?.unread, removed, changes]).toEqual([[], 0, [], []]);
    const before = bob.recording.count('subscription.stop');
    for (const name of ['messages:new', 'chats:join', 'chats:create'] as const) {
      const off = bob.client.subscribe(name, () => {});
      await expect.poll(() => bob.recording.count(`subscription listen.${name}`)).toBe(2);
      off();
    }
    await expect.poll(() => bob.recording.count('subscription.stop')).toBe(before + 3);
  });

  it('ends by its signal, before it is there or later', async () => {
    await using desk = await startDesk();
    const { bob } = await startList(desk, 'ann');
    const reason = new Error('not wanted any more');
    const early = bob.chats.list({ signal: AbortSignal.abort(reason) });
    await expect(early).rejects.toBe(reason);
    const end = new AbortController();
    const opening = bob.chats.list({ signal: end.signal });
    end.abort(reason);
    await expect(opening).rejects.toBe(reason);
    const later = new AbortController();
    const list = await bob.chats.list({ signal: later.signal });
    expect(list.chats).toHaveLength(1);
    later.abort();
    expect(list.chats).toEqual([]);
  });

  it('ends with the client', async () => {
    await using desk = await startDesk();
    const { bob, list } = await startList(desk, 'ann');
    await bob.client.close();
    expect(list.chats).toEqual([]);
    await expect(bob.chats.list()).rejects.toMatchObject({ code: 'DISCONNECTED' });
  });
});
