import { describe, expect, it } from 'vitest';

import {
  collect,
  type Person,
  startChat,
  startDesk,
  startDeskOnVirtualTime,
} from './chats-desk.ts';

const second = 1000;

/** A text field that somebody types in. */
class Field extends EventTarget {
  value = '';

  type(text: string) {
    this.value = text;
    this.dispatchEvent(new Event('input'));
  }
}

/** Ann and Bob in a chat, with one clock that the test moves. */
async function startTyping() {
  await using opened = new AsyncDisposableStack();
  const desk = opened.use(await startDeskOnVirtualTime());
  const chat = await startChat(desk, desk);
  const kept = opened.move();
  const { ann, bob, annsChat, bobsChat } = chat;
  const field = new Field();
  const stop = annsChat.monitorActivity(field);

  /** Lets time pass second by second; what is told arrives in its second. */
  async function pass(seconds: number, ...people: Person[]) {
    for (let passed = 0; passed < seconds; passed += 0.5) {
      await desk.clock.advance(second / 2);
      for (const person of people) await person.caughtUp();
    }
  }

  /** What the server was told, and what Bob sees. */
  const told = () => ann.recording.count('mutation send.users:activity');
  const heard = collect(bobsChat, 'user:activity');
  const types = () => heard.map(({ type, cause }) => (cause ? `${type} (${cause})` : type));

  return {
    ...{ desk, ann, bob, annsChat, bobsChat, field, stop, pass, told, heard, types },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const writing = [{ userId: 'ann', type: 'writing' }];
const draft = [{ userId: 'ann', type: 'stop-writing' }];

describe('sendUserActivity', () => {
  it('tells the others, and not oneself', async () => {
    await using desk = await startDesk();
    const { ann, annsChat, bobsChat } = await startChat(desk);
    const phone = await (await desk.customer('ann')).chats.open(annsChat.id);
    await annsChat.sendUserActivity('writing');
    await expect.poll(() => bobsChat.activity).toEqual(writing);
    await ann.caughtUp();
    expect([annsChat.activity, phone.activity]).toEqual([[], []]);
    await annsChat.sendUserActivity('stop-writing');
    await expect.poll(() => bobsChat.activity).toEqual(draft);
    await annsChat.sendUserActivity('not-writing');
    await expect.poll(() => bobsChat.activity).toEqual([]);
  });

  it('rejects in a closed chat', async () => {
    await using desk = await startDesk();
    const { annsChat } = await startChat(desk);
    await annsChat.close();
    const refused = annsChat.sendUserActivity('writing');
    await expect(refused).rejects.toMatchObject({ code: 'CHAT_CLOSED' });
  });
});

describe('monitorActivity', () => {
  it('tells of writing once, and again every 5 seconds while it lasts', async () => {
    await using typing = await startTyping();
    const { ann, bob, bobsChat, field, pass, told, types } = typing;
    for (let index = 1; index <= 14; index += 1) {
      field.type('x'.repeat(index));
      await pass(1, ann, bob);
      expect(bobsChat.activity).toEqual(writing);
    }
    expect(told()).toBe(3);
    expect(types()).toEqual(['writing']);
  });

  it('tells of a draft 2 seconds after the last key', async () => {
    await using typing = await startTyping();
    const { ann, bob, bobsChat, field, pass, told, types } = typing;
    field.type('Hel');
    await pass(1.5, ann, bob);
    expect(bobsChat.activity).toEqual(writing);
    await pass(0.5, ann, bob);
    expect(bobsChat.activity).toEqual(draft);
    await pass(30, ann, bob);
    expect([bobsChat.activity, told()]).toEqual([draft, 2]);
    field.type('Hell');
    await pass(0.5, ann, bob);
    expect(types()).toEqual(['writing', 'stop-writing', 'writing']);
  });

  it('tells when the field is empty', async () => {
    await using typing = await startTyping();
    const { ann, bob, bobsChat, field, pass, told } = typing;
    field.type('H');
    await pass(0.5, ann, bob);
    field.type('');
    field.type('');
    await pass(20, ann, bob);
    expect([bobsChat.activity, told()]).toEqual([[], 2]);
  });

  it('leaves it to the server when the draft is sent', async () => {
    await using typing = await startTyping();
    const { ann, bob, annsChat, bobsChat, field, pass, told, types } = typing;
    field.type('Hello');
    await pass(0.5, ann, bob);
    await annsChat.sendMessage(field.value);
    field.value = '';
    await pass(20, ann, bob);
    expect([bobsChat.activity, told()]).toEqual([[], 1]);
    expect(types()).toEqual(['writing', 'not-writing (sent)']);
    field.type('And');
    await pass(1, ann, bob);
    expect(bobsChat.activity).toEqual(writing);
  });

  it('says that it is over when it is stopped, and with the chat', async () => {
    await using typing = await startTyping();
    const { ann, bob, annsChat, bobsChat, field, stop, pass, told } = typing;
    field.type('Hello');
    await pass(1, ann, bob);
    stop();
    stop();
    field.type('Hello?');
    await pass(20, ann, bob);
    expect([bobsChat.activity, told()]).toEqual([[], 2]);

    annsChat.monitorActivity(field);
    field.type('Hello!');
    await pass(1, ann, bob);
    expect(bobsChat.activity).toEqual(writing);
    annsChat.dispose();
    field.type('Hello…');
    await pass(20, ann, bob);
    expect([bobsChat.activity, told()]).toEqual([[], 4]);
  });

  it('is silent without a connection, and tells again when it is back', async () => {
    await using typing = await startTyping();
    const { ann, bob, bobsChat, field, pass, told } = typing;
    field.type('Hel');
    await pass(3, ann, bob);
    expect(bobsChat.activity).toEqual(draft);
    ann.line.cut();
    await expect.poll(() => bobsChat.activity).toEqual([]);
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    field.type('Hell');
    await pass(3, bob);
    expect([bobsChat.activity, told()]).toEqual([[], 2]);
    ann.line.mend();
    await expect.poll(() => bobsChat.activity).toEqual(draft);
    expect(told()).toBe(3);
  });

  it('does nothing within the event, where a page may not have taken the key over yet', async () => {
    await using typing = await startTyping();
    const { ann, bob, annsChat, bobsChat, field, pass, told } = typing;
    field.type('H');
    field.type('He');
    expect(told()).toBe(0);
    await annsChat.sendMessage('He');
    field.value = '';
    await pass(3, ann, bob);
    expect([bobsChat.activity, told()]).toEqual([[], 0]);
  });

  it('sends nothing to a chat that is closed', async () => {
    await using typing = await startTyping();
    const { ann, bob, annsChat, bobsChat, field, pass, told, types } = typing;
    field.type('Hello');
    await pass(1, ann, bob);
    await bobsChat.close();
    await expect.poll(() => annsChat.closed).toBe(true);
    const before = told();
    field.type('Hello?');
    annsChat.monitorActivity(field);
    field.type('Hello??');
    await pass(20, ann, bob);
    expect([bobsChat.activity, told()]).toEqual([[], before]);
    expect(types()).toEqual(['writing', 'not-writing (closed)']);
  });

  it('sends nothing to a chat that was closed while the connection was lost', async () => {
    await using typing = await startTyping();
    const { ann, bob, annsChat, bobsChat, field, pass, told } = typing;
    field.type('Hello');
    await pass(1, ann, bob);
    ann.line.cut();
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    await bobsChat.close();
    ann.line.mend();
    await expect.poll(() => annsChat.closed).toBe(true);
    const before = told();
    field.type('Hello?');
    await pass(20, ann, bob);
    expect(told()).toBe(before);
  });

  it('sends nothing to a chat that one has left', async () => {
    await using typing = await startTyping();
    const { ann, bob, bobsChat, pass } = typing;
    const bobsField = new Field();
    const toldByBob = () => bob.recording.count('mutation send.users:activity');
    bobsChat.monitorActivity(bobsField);
    bobsField.type('Hello');
    await pass(1, ann, bob);
    expect(toldByBob()).toBe(1);
    await bob.client.send('chats:leave', { chatId: bobsChat.id });
    await expect.poll(() => bobsChat.gone).toBe(true);
    bobsField.type('Hello?');
    bobsChat.monitorActivity(bobsField);
    bobsField.type('Hello??');
    await pass(20, ann, bob);
    expect(toldByBob()).toBe(1);
  });
});

describe('nobody is shown as writing for more than 13 seconds after', () => {
  const moments = [0, 0.5, 1.5, 2, 2.5, 4.5, 5, 5.5, 7, 9.5, 10, 12];

  it.each(moments)('the line of the writer has gone silent at %d s', async (moment) => {
    await using typing = await startTyping();
    const { ann, bob, bobsChat, field, pass } = typing;
    for (let passed = 0; passed < moment; passed += 0.5) {
      field.type(`${field.value}x`);
      await pass(0.5, ann, bob);
    }
    field.type(`${field.value}x`);
    if (moment > 0) expect(bobsChat.activity).toEqual(writing);
    ann.line.stall();
    await pass(13, bob);
    expect(bobsChat.activity.filter(({ type }) => type === 'writing')).toEqual([]);
  });

  it.each(moments)('the client of the writer was killed at %d s', async (moment) => {
    await using typing = await startTyping();
    const { ann, bob, bobsChat, field, pass } = typing;
    for (let passed = 0; passed < moment; passed += 0.5) {
      field.type(`${field.value}x`);
      await pass(0.5, ann, bob);
    }
    field.type(`${field.value}x`);
    ann.line.cut();
    await expect.poll(() => bobsChat.activity).toEqual([]);
    await pass(13, bob);
    expect(bobsChat.activity).toEqual([]);
  });
});

describe('activity', () => {
  it('is known when a chat is opened', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    await annsChat.sendUserActivity('writing');
    await bobsChat.sendUserActivity('writing');
    const again = await bob.chats.open(annsChat.id);
    expect(again.activity).toEqual(writing);
  });

  it('is right when a chat is opened while somebody writes and stops', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    bobsChat.dispose();
    for (let round = 0; round < 30; round += 1) {
      const told = (['writing', 'not-writing', 'writing', 'not-writing'] as const)
        .slice(round % 2)
        .map((type) => annsChat.sendUserActivity(type));
      const opening = bob.chats.open(annsChat.id);
      told.push(annsChat.sendUserActivity(round % 3 === 0 ? 'writing' : 'not-writing'));
      using chat = await opening;
      await Promise.all(told);
      await bob.caughtUp();
      expect(chat.activity).toEqual(round % 3 === 0 ? writing : []);
    }
  });

  it('is nothing without a connection, and what the server knows after that', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    const sue = await desk.supervisor('sue');
    await sue.client.send('chats:join', { chatId: annsChat.id });
    const suesChat = await sue.chats.open(annsChat.id);
    await annsChat.sendUserActivity('writing');
    await expect.poll(() => bobsChat.activity).toEqual(writing);
    const heard = collect(bobsChat, 'user:activity');

    bob.line.cut();
    await expect.poll(() => bobsChat.activity).toEqual([]);
    await annsChat.sendUserActivity('not-writing');
    await suesChat.sendUserActivity('stop-writing');
    bob.line.mend();
    await expect.poll(() => bobsChat.activity).toEqual([{ userId: 'sue', type: 'stop-writing' }]);
    await annsChat.sendUserActivity('writing');
    await expect.poll(() => bobsChat.activity).toHaveLength(2);
    expect(heard.map(({ userId, type }) => [userId, type])).toEqual([
      ['ann', 'not-writing'],
      ['sue', 'stop-writing'],
      ['ann', 'writing'],
    ]);
  });

  it('is right however often the line is cut while somebody writes and stops', async () => {
    await using desk = await startDesk();
    const { bob, annsChat, bobsChat } = await startChat(desk);
    for (let round = 0; round < 12; round += 1) {
      await annsChat.sendUserActivity('writing');
      bob.line.cut();
      bob.line.mend();
      for (const type of ['not-writing', 'writing', 'not-writing'] as const) {
        await annsChat.sendUserActivity(type);
      }
      await annsChat.sendUserActivity(round % 2 === 0 ? 'writing' : 'not-writing');
      const last = round % 2 === 0 ? writing : [];
      await expect.poll(() => bob.client.status.state).toBe('open');
      await bob.caughtUp();
      await expect.poll(() => bobsChat.activity).toEqual(last);
      await bob.caughtUp();
      expect(bobsChat.activity).toEqual(last);
    }
  });
});
