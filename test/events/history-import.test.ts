import { expect, test } from 'vitest';

import {
  activeChat,
  agent,
  customer,
  expectOneEffect,
  expectUnseen,
  invalidPaths,
  listenAll,
  refusalCode,
  service,
  startServer,
  type TestUser,
} from '../harness.ts';

const at = (minute: number) => new Date(Date.UTC(2025, 5, 1, 12, minute));

test('imported messages keep their times and come before the live ones, in the order they were written', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const live = await ann.send('messages:send', { chatId, message: 'Live' });
  const collectors = await listenAll('history:import', ann, bob);
  const [annMessages] = await listenAll('messages:new', ann);

  const reply = await bob.send('history:import', {
    chatId,
    source: 'whatsapp',
    batch: 'first',
    history: [
      { sender: 'Ann', message: 'Second', created: at(2) },
      { sender: 'Bob', message: { form: 'rating', stars: 5 }, type: 'object', created: at(3) },
      { sender: 'Ann', message: 'First', created: at(1).getTime() / 1000 },
    ],
  });

  expect(reply).toEqual({ imported: 3, skipped: 0, errors: [] });
  for (const hears of collectors) {
    expect((await hears.next()).data).toEqual({ chatId, batch: 'first', imported: 3 });
  }
  const history = await historyOf(ann, chatId);
  expect(history.slice(0, 3)).toEqual([
    imported(-2, 'Ann', 'First', 1),
    imported(-1, 'Ann', 'Second', 2),
    imported(0, 'Bob', { form: 'rating', stars: 5 }, 3),
  ]);
  expect(history[3]).toEqual(live.message);
  await ann.caughtUp();
  expect(annMessages.heard).toEqual([]);

  function imported(seq: number, sender: string, message: string | object, minute: number) {
    const type = typeof message === 'string' ? 'text' : 'object';
    const [visibility, source] = ['all', 'whatsapp'];
    const place = { id: `${chatId}.${seq}`, chatId, seq };
    return {
      ...place,
      sender: { id: sender },
      type,
      message,
      visibility,
      created: at(minute),
      source,
    };
  }
});

test('an earlier and a later batch are one history by time', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  for (const minutes of [[10, 30], [20], [40, 5]]) {
    const history = minutes.map((minute) => entry(`at ${minute}`, minute));
    await bob.send('history:import', { chatId, history });
  }
  const history = await historyOf(bob, chatId);
  expect(texts(history)).toEqual(['at 5', 'at 10', 'at 20', 'at 30', 'at 40']);
  expect(history.map(({ seq }) => seq).toSorted((one, other) => one - other)).toEqual([
    -4, -3, -2, -1, 0,
  ]);
});

test('history is paged from the live messages through into the imported ones', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  for (const message of ['live 1', 'live 2', 'live 3']) {
    await ann.send('messages:send', { chatId, message });
  }
  await bob.send('history:import', { chatId, history: [entry('old 3', 3), entry('old 4', 4)] });
  await bob.send('history:import', { chatId, history: [entry('old 1', 1), entry('old 2', 2)] });

  const pages: string[][] = [];
  let before: string | undefined;
  do {
    const { chat } = await ann.send('chats:get', { chatId, fields: 'history', before, limit: 2 });
    const page = chat.history ?? [];
    pages.push(texts(page));
    before = page[0]?.id;
  } while (before);

  expect(pages).toEqual([
    ['live 2', 'live 3'],
    ['old 4', 'live 1'],
    ['old 2', 'old 3'],
    ['old 1'],
    [],
  ]);
});

test('the same entry goes in once: by its id, otherwise by sender, time and message', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const history = [
    { ...entry('With an id', 1), id: 'w-1' },
    { ...entry('Edited later', 2), id: 'w-1' },
    entry('Without an id', 3),
    entry('Without an id', 3),
    entry('Without an id', 4),
    { ...entry('Without an id', 3), sender: 'Dan' },
  ];
  const first = await bob.send('history:import', { chatId, history });
  expect(first).toEqual({ imported: 4, skipped: 2, errors: [] });
  const second = await bob.send('history:import', { chatId, history });
  expect(second).toEqual({ imported: 0, skipped: 6, errors: [] });
  expect(await historyOf(bob, chatId)).toHaveLength(4);
});

test('an import of nothing new is heard by nobody', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  await bob.send('history:import', { chatId, history: [entry('Hello', 1)] });
  const annHears = await ann.listen('history:import');
  await bob.send('history:import', { chatId, history: [entry('Hello', 1)] });
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('the same entry may be imported into another chat', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const dan = await customer(server, 'dan');
  const { chat } = await dan.send('chats:create', { room: 'sales', source: 'web' });
  await bob.send('chats:join', { chatId: chat.id });
  const history = [{ ...entry('Hello', 1), id: 'w-1' }];
  for (const id of [chatId, chat.id]) {
    const reply = await bob.send('history:import', { chatId: id, history });
    expect(reply.imported).toBe(1);
  }
});

test('a bad entry is reported by its index and the good ones go in', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const reply = await bob.sendUnchecked('history:import', { chatId, history: mixed });
  expect(reply).toMatchObject({ imported: 2, skipped: 0 });
  expect(reply).toHaveProperty('errors', badOnes);
  expect(texts(await historyOf(bob, chatId))).toEqual(['Good 1', 'Good 2']);
});

test('an atomic import with a bad entry imports nothing', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const annHears = await ann.listen('history:import');
  const data = { chatId, history: mixed, atomic: true };
  const reply = await bob.sendUnchecked('history:import', data);
  expect(reply).toMatchObject({ imported: 0, errors: badOnes });
  expect(await historyOf(bob, chatId)).toEqual([]);
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('a dry run says what would happen and does nothing', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const annHears = await ann.listen('history:import');
  const data = { chatId, history: mixed, dryRun: true };
  const reply = await bob.sendUnchecked('history:import', data);
  expect(reply).toMatchObject({ imported: 2, skipped: 0, errors: badOnes });
  expect(await historyOf(bob, chatId)).toEqual([]);
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});

test('imported messages are unread for nobody, assign nobody and leave cursors valid', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const { cursor } = await ann.send('chats:get', { chatId });
  await bob.send('history:import', { chatId, history: [entry('Old', 1)] });
  const { chat } = await ann.send('chats:get', { chatId });
  expect(chat).toMatchObject({ unread: 0, status: 'active', agentId: 'bob' });
  const annHears = await ann.listen('messages:new', { lastEventId: cursor });
  await bob.send('messages:send', { chatId, message: 'New' });
  expect((await annHears.next()).data.message.message).toBe('New');
  expect(annHears.heard).toHaveLength(1);
});

test('reading an imported message moves no mark', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  await bob.send('history:import', { chatId, history: [entry('Old', 1)] });
  const reply = await ann.send('messages:read', { messageId: `${chatId}.0` });
  expect(reply).toEqual({ readSeq: 0, unread: 0 });
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const bob = await agent(server, 'bob');
  const send = (data: object) =>
    invalidPaths(bob.sendUnchecked('history:import', { chatId: 'c_1', history: [{}], ...data }));
  expect(await send({ chatId: 1, dryRun: 'yes' })).toEqual(['chatId', 'dryRun']);
  expect(await send({ history: [] })).toEqual(['history']);
  expect(await send({ history: Array.from({ length: 501 }, () => ({})) })).toEqual(['history']);
  expect(await send({ format: 'csv' })).toEqual(['']);
});

test('customers import nothing', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const attempt = ann.send('history:import', { chatId, history: [entry('Hello', 1)] });
  expect(await refusalCode(attempt)).toBe('FORBIDDEN');
});

test('a chat of others is as unknown as one that does not exist', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const cat = await agent(server, 'cat', { rooms: ['support'] });
  const history = [entry('Hello', 1)];
  const attempt = (id: string) => cat.send('history:import', { chatId: id, history });
  await expectUnseen(attempt(chatId), attempt('c_unknown'));
});

test('an agent of the room imports only into chats of one’s own, a back end into any', async () => {
  await using server = await startServer();
  const { chatId } = await activeChat(server);
  const [cat, backend] = [await agent(server, 'cat'), await service(server)];
  const data = { chatId, history: [entry('Hello', 1)] };
  expect(await refusalCode(cat.send('history:import', data))).toBe('FORBIDDEN');
  expect(await backend.send('history:import', data)).toMatchObject({ imported: 1 });
});

test('a repeat under the same key imports once', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const annHears = await ann.listen('history:import');
  const data = { chatId, history: [entry('Hello', 1)] };
  const other = { chatId, history: [entry('Hello', 2)] };
  const reply = await expectOneEffect(bob, 'history:import', data, other);
  expect(reply.imported).toBe(1);
  await ann.caughtUp();
  expect(annHears.heard).toHaveLength(1);
});

test('a full batch of 500 entries goes in', async () => {
  await using server = await startServer();
  const { bob, chatId } = await activeChat(server);
  const history = Array.from({ length: 500 }, (_, index) => entry(`Message ${index}`, index));
  expect(await bob.send('history:import', { chatId, history })).toMatchObject({ imported: 500 });
  const { chat } = await bob.send('chats:get', { chatId, fields: 'history', limit: 200 });
  expect(texts(chat.history ?? [])).toEqual(history.slice(300).map(({ message }) => message));
});

function entry(message: string, minute: number) {
  return { sender: 'Ann', message, created: at(minute) };
}

const mixed = [
  entry('Good 1', 1),
  { sender: 'Ann', message: 'No time' },
  { ...entry('Unknown key', 2), color: 'red' },
  { ...entry('Not an object', 3), type: 'object' },
  entry('Good 2', 4),
  { ...entry('From the future', 5), created: new Date('2999-01-01') },
];

const badOnes = [1, 2, 3, 5].map((index) => ({ index, message: expect.any(String) }));

async function historyOf(user: TestUser, chatId: string) {
  return (await user.send('chats:get', { chatId, fields: 'history' })).chat.history ?? [];
}

function texts(history: { message: unknown }[]) {
  return history.map(({ message }) => String(message));
}
