import { expect, test, vi } from 'vitest';

import { withChats } from '../chats/index.ts';
import { isEventError } from '../errors.ts';
import { fakeParley, fixtures } from './index.ts';

const { chat } = fixtures.listen['chats:create'].data;
const { message } = fixtures.listen['messages:new'].data;

test('a send is answered by the handler of its event', async () => {
  await using parley = fakeParley({
    'chats:create': ({ data: { room }, userId }) => ({
      chat: { ...chat, room, customerId: userId },
    }),
  });
  const reply = await parley.connect('tom').send('chats:create', { room: 'sales', source: 'web' });
  expect(reply.chat).toEqual({ ...chat, room: 'sales', customerId: 'tom' });
  expect(reply.chat.createdAt).toBeInstanceOf(Date);
  expect(parley.sent('chats:create')).toMatchObject([{ userId: 'tom', data: { source: 'web' } }]);
});

test('a refusal comes with its code, its data and the sentence of the real server', async () => {
  await using parley = fakeParley({
    'chats:create': ({ refuse }) => refuse('CHAT_EXISTS', { chatId: 'c_7' }),
  });
  const sent = parley.connect().send('chats:create', { room: 'sales', source: 'web' });
  const error: unknown = await sent.catch((reason: unknown) => reason);
  if (!isEventError(error, 'chats:create') || error.code !== 'CHAT_EXISTS') throw error;
  expect(error.data).toEqual({ chatId: 'c_7' });
  expect(error.message).toContain('already has an open chat');
});

test('an event without a handler says what to do', async () => {
  await using parley = fakeParley();
  await expect(parley.connect().send('users:chats', {})).rejects.toThrow(
    "Give fakeParley({ 'users:chats': … }).",
  );
});

test('what a handler throws is told to the sender, and tried once', async () => {
  let tries = 0;
  await using parley = fakeParley({
    'users:chats': () => {
      tries += 1;
      throw new Error('A slip of the test.');
    },
  });
  const sent = parley.connect().send('users:chats', {});
  await expect(sent).rejects.toThrow('A slip of the test.');
  expect(tries).toBe(1);
});

test('a listener hears what is fired, though it came in the same breath', async () => {
  await using parley = fakeParley();
  const events = parley.connect();
  const listener = vi.fn();
  events.subscribe('messages:new', listener);
  const occurrence = await parley.fire('messages:new', { message: { ...message, message: 'Hi' } });
  expect(listener).toHaveBeenCalledExactlyOnceWith(occurrence.data, occurrence);
  expect(occurrence).toMatchObject({ position: 1, seq: 1, chatId: 'c_1' });
  events.unsubscribe('messages:new', listener);
  await parley.fire('messages:new');
  expect(listener).toHaveBeenCalledOnce();
});

test('without data an event fires its example, and what is ephemeral has no position', async () => {
  await using parley = fakeParley();
  const heard = vi.fn();
  parley.connect().subscribe('users:activity', heard);
  const { data, position } = await parley.fire('users:activity');
  expect([data, position]).toEqual([fixtures.listen['users:activity'].data, undefined]);
  expect(heard).toHaveBeenCalledOnce();
});

test('only those hear who are named', async () => {
  await using parley = fakeParley();
  const heard: string[] = [];
  for (const name of ['ann', 'bob']) {
    parley.connect(name).subscribe('messages:new', () => heard.push(name));
  }
  await parley.fire('messages:new', undefined, { to: ['bob'] });
  await parley.fire('messages:new');
  expect(heard).toEqual(['bob', 'ann', 'bob']);
});

test('after a drop a listener hears what it missed, in order and once', async () => {
  await using parley = fakeParley();
  const events = parley.connect();
  const heard: string[] = [];
  events.subscribe('chats:close', ({ reason }) => heard.push(reason));
  await parley.fire('chats:close', { chatId: 'c_1', userId: 'u_bob', reason: 'one' });
  await parley.drop();
  expect(events.status).toMatchObject({ state: 'reconnecting' });
  await parley.fire('chats:close', { chatId: 'c_2', userId: 'u_bob', reason: 'two' });
  await parley.fire('chats:close', { chatId: 'c_3', userId: 'u_bob', reason: 'three' });
  expect(heard).toEqual(['one']);
  await parley.reconnect();
  expect(events.status).toEqual({ state: 'open' });
  expect(heard).toEqual(['one', 'two', 'three']);
});

test('a client finds a server that is back by itself, when its time has come', async () => {
  await using parley = fakeParley();
  const events = parley.connect();
  await parley.drop();
  await parley.clock.advance(60_000);
  expect(events.status).toMatchObject({ state: 'reconnecting' });
  await parley.reconnect();
  expect(events.status).toEqual({ state: 'open' });
  // The keep-alive of an hour is answered.
  const states: string[] = [];
  events.onStatus(({ state }) => states.push(state));
  await parley.clock.advance(3_600_000);
  expect(states).toEqual([]);
});

test('a repeat under the same key has the first reply', async () => {
  let created = 0;
  await using parley = fakeParley({
    'chats:create': () => ({ chat: { ...chat, id: `c_${(created += 1)}` } }),
  });
  const events = parley.connect();
  const create = () => events.send('chats:create', { room: 'sales', source: 'web' }, { key: 'k' });
  const first = await create();
  expect(await create()).toEqual({ ...first, replayed: true });
  expect(parley.sent('chats:create')).toHaveLength(1);
});

test('a send that a drop cuts off is sent again, and has one effect', async () => {
  const decided = Promise.withResolvers<void>();
  await using parley = fakeParley({
    'chats:create': async () => {
      await decided.promise;
      return { chat };
    },
  });
  const sent = parley.connect().send('chats:create', { room: 'sales', source: 'web' });
  await parley.drop();
  decided.resolve();
  await parley.reconnect();
  expect(await sent).toEqual({ chat, replayed: true });
  expect(parley.sent('chats:create')).toHaveLength(1);
});

test('a send waits while there is no connection', async () => {
  await using parley = fakeParley({ 'chats:create': () => ({ chat }) });
  const events = parley.connect();
  await parley.drop();
  const sent = events.send('chats:create', { room: 'sales', source: 'web' });
  await parley.clock.settle();
  expect(parley.sent('chats:create')).toEqual([]);
  await parley.reconnect();
  expect(await sent).toEqual({ chat });
});

test('the clock is moved by the test, and what waits runs at its time', async () => {
  await using parley = fakeParley({}, { start: new Date('2030-05-05T12:00:00Z') });
  const events = parley.connect();
  const waited = events.once('messages:new', { timeout: 5_000 });
  const end = waited.catch((error: unknown) => error);
  await parley.clock.advance(4_999);
  const { at } = await parley.fire('users:presence');
  expect(at).toEqual(new Date('2030-05-05T12:00:04.999Z'));
  await parley.clock.advance(1);
  expect(await end).toMatchObject({ code: 'TIMEOUT' });
});

test('the Chat object runs on it too', async () => {
  const view = { ...chat, unread: 0, activity: [], users: [], watchers: [], history: [] };
  await using parley = fakeParley({
    'chats:create': () => ({ chat }),
    'chats:get': () => ({ chat: view, cursor: '0' }),
  });
  const { chats } = withChats(parley.connect('u_ann'));
  const opened = await chats.create({ room: 'sales', source: 'web' });
  await parley.fire('messages:new', { message: { ...message, message: 'How can I help?' } });
  expect(opened.messages.map(({ message: text }) => text)).toEqual(['How can I help?']);
});
