import { signToken } from '@parley/server';
import { expect, test } from 'vitest';
import * as z from 'zod';

import { type Identity, secret } from '../harness.ts';
import { deployedEvents } from './deployment.ts';
import { Office } from './office.ts';
import { Peer } from './peer.ts';

const Chat = z.looseObject({ chat: z.looseObject({ id: z.string() }) });
const Message = z.looseObject({ message: z.looseObject({ id: z.string() }) });
const Cursor = z.looseObject({ cursor: z.string() });
const Unread = z.looseObject({ chats: z.array(z.looseObject({ unread: z.number() })) });

const heardEvents = deployedEvents.filter(({ listen }) => listen).map(({ name }) => name);

/** Asks for everything in every way there is. */
async function askForAll(customer: Peer, chatId: string, hiddenId: string) {
  for (const name of heardEvents) {
    await customer.listen(name, { lastEventId: '0' });
    await customer.listen(name, { lastEventId: '0', chatId });
  }
  const fields = 'users,watchers,history';
  await customer.send('chats:get', { chatId, fields });
  await customer.send('chats:get', { chatId, fields, limit: 1 });
  await customer.send('users:chats', {});
  await customer.send('routing:explain', { chatId });
  await customer.caughtUp();
  // Nobody can ask for it by its name either.
  expect(await customer.outcome('chats:get', { chatId, fields, before: hiddenId })).toBe(
    'NOT_FOUND',
  );
  expect(await customer.outcome('messages:read', { messageId: hiddenId })).toBe('NOT_FOUND');
}

test('what is among the agents reaches no customer: live, in replays, fetched, in errors or in counts', async () => {
  await using office = await Office.open();
  const [ann, bob, sue] = [office.peer('ann'), office.peer('bob'), office.peer('sue')];
  const watcher = await office.enter({
    sub: 'watching-wes',
    role: 'supervisor',
    name: 'Wes Watts',
  });
  const { chat } = await ann.reply('chats:create', { room: 'sales', source: 'web' }, Chat);
  const chatId = chat.id;
  const { id } = await startAndWatch();

  async function startAndWatch() {
    for (const name of heardEvents) await ann.listen(name);
    await bob.reply('chats:join', { chatId }, Chat);
    await watcher.reply('chats:join', { chatId, as: 'watcher' }, Chat);
    const before = await unread();
    const hidden = { chatId, message: 'the customer is a nuisance', visibility: 'agents' };
    const { message } = await bob.reply('messages:send', hidden, Message);
    expect(await unread()).toBe(before);
    for (const reader of [bob, watcher])
      await reader.send('messages:read', { messageId: message.id });
    await watcher.send('user:focus', { chatId });
    await watcher.send('users:activity', { chatId, type: 'writing' });
    await sue.send('chats:get', { chatId, fields: 'users,watchers,history' });
    return message;
  }

  async function unread() {
    const { chats } = await ann.reply('users:chats', {}, Unread);
    return chats[0]?.unread;
  }

  await askForAll(ann, chatId, id);
  await watcher.send('chats:leave', { chatId });
  await askForAll(ann, chatId, id);
  const texts = ann.texts.join('\n');
  expect(texts).toContain(chatId);
  for (const hidden of ['nuisance', 'watching-wes', 'Wes Watts', `"${id}"`]) {
    expect(texts).not.toContain(hidden);
  }
  // Those it is for have had it.
  await watcher.send('chats:get', { chatId, fields: 'watchers,history' });
  expect(bob.texts.join('\n')).toContain('nuisance');
});

test('an invited agent is told to no customer before the invitation is accepted', async () => {
  await using office = await Office.open();
  const ann = office.peer('ann');
  for (const name of heardEvents) await ann.listen(name);
  const { chat } = await ann.reply('chats:create', { room: 'sales', source: 'web' }, Chat);
  expect(await ann.outcome('chats:assign', { chatId: chat.id })).toBe('ok');
  await ann.send('chats:get', { chatId: chat.id, fields: 'users,watchers,history' });
  await ann.caughtUp();
  for (const name of heardEvents) await ann.listen(name, { lastEventId: '0' });
  await ann.caughtUp();
  const texts = ann.texts.join('\n');
  for (const agent of ['"bob"', '"carl"']) expect(texts).not.toContain(agent);
});

test('who connects as a customer hears and sees as a customer, whatever else the same user is elsewhere', async () => {
  await using office = await Office.open();
  const [ann, bob] = [office.peer('ann'), office.peer('bob')];
  const { chat } = await ann.reply('chats:create', { room: 'sales', source: 'web' }, Chat);
  const chatId = chat.id;
  const asCustomer = () =>
    Peer.connect(office.server.url, { sub: 'bob', role: 'customer', name: 'bob' });
  await using early = await asCustomer();
  const live = await early.listen('messages:new');
  const rooms = await early.listen('chats:create');
  await bob.reply('chats:join', { chatId }, Chat);
  await using late = await asCustomer();
  const lateLive = await late.listen('messages:new');
  await bob.send('messages:send', { chatId, message: 'among us', visibility: 'agents' });
  await office.peer('eve').reply('chats:create', { room: 'sales', source: 'web' }, Chat);
  for (const peer of [early, late]) {
    await peer.listen('messages:new', { lastEventId: '0' });
    await peer.send('chats:get', { chatId, fields: 'users,watchers,history' });
    await peer.caughtUp();
    expect(peer.texts.join('\n')).not.toContain('among us');
  }
  expect([live.heard, lateLive.heard, rooms.heard]).toEqual([[], [], []]);
});

test('a newer token for fewer rooms does not prolong a connection that hears more', async () => {
  await using office = await Office.open();
  const dave: Identity = { sub: 'dave', role: 'agent', rooms: ['sales', 'support'] };
  await using peer = await Peer.connect(office.server.url, dave);
  const refresh = async (rooms?: string[]) => {
    const identity = { sub: dave.sub, role: dave.role, secret, ttl: 7200 };
    const token = await signToken({ ...identity, rooms });
    return peer.outcome('session:refresh', { token });
  };
  expect(await refresh(['support'])).toBe('FORBIDDEN');
  expect(await refresh(['sales', 'support', 'vip'])).toBe('FORBIDDEN');
  expect(await refresh()).toBe('FORBIDDEN');
  expect(await refresh(['support', 'sales'])).toBe('ok');
});

test('an agent whose token is for fewer rooms hears and sees those, though logged in to others before', async () => {
  await using office = await Office.open();
  const carl: Identity = { sub: 'carl', role: 'agent', name: 'carl', rooms: ['support'] };
  await using narrow = await Peer.connect(office.server.url, carl);
  const heard = await narrow.listen('chats:create');
  const ann = office.peer('ann');
  const { chat } = await ann.reply('chats:create', { room: 'sales', source: 'web' }, Chat);
  await office.peer('carl').send('agents:login', { rooms: ['sales'] });
  const second = await office
    .peer('eve')
    .reply('chats:create', { room: 'sales', source: 'web' }, Chat);
  const { cursor } = await office.peer('backend').reply('chats:get', { chatId: chat.id }, Cursor);
  expect(Number(cursor)).toBeGreaterThan(0);
  const replayed = await narrow.listen('chats:create', { lastEventId: '0' });
  await narrow.caughtUp();
  expect([heard.heard, replayed.heard]).toEqual([[], []]);
  expect(await narrow.outcome('chats:get', { chatId: second.chat.id })).toBe('NOT_FOUND');
});
