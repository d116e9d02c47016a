import { copyFile, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect, type ConnectOptions } from '@parley/client';
import { withChats } from '@parley/client/chats';
import { signToken } from '@parley/server';
import { expect, it } from 'vitest';

import { secret, startServer, type TestServer } from '../harness.ts';
import { impatient } from './start.ts';

const token = () => signToken({ sub: 'ann', role: 'customer', name: 'Ann', secret });

/** Ann's client; what she hears of messages, and the statuses that it goes through. */
function annAt({ url }: TestServer, options: Partial<ConnectOptions> = {}) {
  const events = connect({ url, token, ...impatient, ...options });
  const heard: unknown[] = [];
  const states: string[] = [];
  events.onStatus((status) =>
    states.push(status.state === 'resync' ? `resync ${status.reason}` : status.state),
  );
  events.subscribe('messages:new', ({ message }) => void heard.push(message.message));
  return { events, heard, states };
}

/** A store in a file, and a way to copy it as it is when no server has it open. */
async function temporaryStore() {
  const directory = await mkdtempDisposable(join(tmpdir(), 'parley-resync-'));
  const file = join(directory.path, 'parley.db');
  const copy = join(directory.path, 'copy.db');
  return {
    store: `sqlite:${file}`,
    copy: `sqlite:${copy}`,
    backUp: () => copyFile(file, copy),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

/** Has Ann write, and gives where she is when she has heard it. */
async function write(server: TestServer, chatId: string | undefined, messages: string[]) {
  await using ann = annAt(server, { environment: {} }).events;
  const id = chatId ?? (await ann.send('chats:create', { room: 'sales', source: 'web' })).chat.id;
  const heard: unknown[] = [];
  await expect.poll(() => ann.cursorOf('messages:new')).toEqual(expect.any(String));
  ann.subscribe('messages:new', ({ message }) => void heard.push(message.message));
  for (const message of messages) await ann.send('messages:send', { chatId: id, message });
  await expect.poll(() => heard).toEqual(messages);
  return { chatId: id, cursor: ann.cursorOf('messages:new') };
}

it('a stored cursor goes on where it was, also after a restart of the server', async () => {
  await using files = await temporaryStore();
  let place: Awaited<ReturnType<typeof write>>;
  {
    await using server = await startServer({ store: files.store });
    place = await write(server, undefined, ['one', 'two']);
  }
  await using server = await startServer({ store: files.store });
  await write(server, place.chatId, ['three']);
  const { events, heard, states } = annAt(server, { cursor: place.cursor });
  await using _ = events;
  await expect.poll(() => heard).toEqual(['three']);
  expect(states).toEqual(['open']);
});

it('a restored backup that has gone on otherwise leads to a resync, and never to what is not so', async () => {
  await using files = await temporaryStore();
  let before: Awaited<ReturnType<typeof write>>;
  let after: typeof before;
  {
    await using server = await startServer({ store: files.store });
    before = await write(server, undefined, ['one']);
  }
  await files.backUp();
  {
    await using server = await startServer({ store: files.store });
    after = await write(server, before.chatId, ['lost', 'lost too']);
  }
  await using server = await startServer({ store: files.copy });
  await write(server, before.chatId, ['two', 'three', 'four', 'five']);

  // Who was there before the backup was made goes on; who was there after it cannot.
  const early = annAt(server, { cursor: before.cursor });
  await using _early = early.events;
  await expect.poll(() => early.heard).toEqual(['two', 'three', 'four', 'five']);
  expect(early.states).toEqual(['open']);

  const late = annAt(server, { cursor: after.cursor });
  await using _late = late.events;
  await expect.poll(() => late.states).toEqual(['open', 'resync store', 'open']);
  await write(server, before.chatId, ['six']);
  await expect.poll(() => late.heard).toEqual(['six']);
});

it('a chat that was shown when the server got another store is gone', async () => {
  await using files = await temporaryStore();
  let url = '';
  const options = { url: '', token, ...impatient };
  let chat;
  await using opened = new AsyncDisposableStack();
  {
    await using server = await startServer({ store: files.store });
    ({ url } = server);
    const events = opened.use(connect({ ...options, url }));
    chat = await withChats(events).chats.create({ room: 'sales', source: 'web' });
    await chat.sendMessage('Hello');
  }
  const port = Number(new URL(url).port);
  await using _server = await startServer({ store: 'sqlite::memory:', port });
  const shown = chat;
  await expect.poll(() => shown.gone).toBe(true);
});
