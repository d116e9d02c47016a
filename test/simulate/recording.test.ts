import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readRecording, simulate, StoreError } from '@parley/server';
import { expect, test } from 'vitest';

import { agent, customer, startServer } from '../harness.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';

const minute = 60_000;

/** A store in which two customers came, a German one and then an English one, and Bob took the first. */
async function record(directory: string) {
  const store = `sqlite:${join(directory, 'parley.db')}`;
  const environment = createVirtualEnvironment(new Date('2026-03-01T09:00:00Z'));
  const server = await startServer({ store, environment });
  const [ann, eve] = [await customer(server, 'ann'), await customer(server, 'eve')];
  const bob = await agent(server, 'bob', { rooms: ['sales'], langs: ['de'], capacity: 4 });
  await agent(server, 'cat', { rooms: ['sales', 'help'], capacity: 1 });
  const german = { room: 'sales', source: 'web', lang: 'de' };
  const { chat } = await ann.send('chats:create', german);
  await bob.send('chats:join', { chatId: chat.id });
  await bob.send('agents:logout', {});
  await environment.advance(5 * minute);
  await eve.send('chats:create', { room: 'help', source: 'app', lang: 'en' });
  return { store, server };
}

test('a store remembers the chats as they came, and who was there', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-recording-'));
  const { store, server } = await record(directory.path);
  await server[Symbol.asyncDispose]();
  const start = Date.parse('2026-03-01T09:00:00Z');
  expect(await readRecording(store)).toEqual({
    arrivals: [
      { at: start, room: 'sales', source: 'web', lang: 'de', customerId: 'ann' },
      { at: start + 5 * minute, room: 'help', source: 'app', lang: 'en', customerId: 'eve' },
    ],
    staff: [
      { id: 'bob', rooms: ['sales'], langs: ['de'], capacity: 4, tier: 0 },
      { id: 'cat', rooms: ['help', 'sales'], langs: [], capacity: 1, tier: 0 },
    ],
  });
});

test('what was recorded is replayed under another algorithm', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-recording-'));
  const { store, server } = await record(directory.path);
  await server[Symbol.asyncDispose]();
  const recording = await readRecording(store);
  const behaviour = { missRate: 0, rejectRate: 0, answerSeconds: 1 };
  const takenBy = async (algorithm: string) =>
    (await simulate({ ...recording, settings: { algorithm }, behaviour, seed: 1 })).chatsPerAgent;
  // Bob and Cat are equals for the German chat; who helps in English is Cat alone.
  expect(await takenBy('least-busy')).toEqual({ bob: 1, cat: 1 });
  expect(await takenBy('round-robin')).toEqual({ bob: 1, cat: 1 });
});

test('a store is read while its server runs, and nothing about it changes', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-recording-'));
  const { store, server } = await record(directory.path);
  await using _ = server;
  const contentOf = (name: string) => readFile(join(directory.path, name));
  const files = async () =>
    (await readdir(directory.path)).filter((name) => !name.endsWith('-shm'));
  const before = await Promise.all((await files()).map(contentOf));
  const { arrivals } = await readRecording(store);
  expect(arrivals).toHaveLength(2);
  expect(await Promise.all((await files()).map(contentOf))).toEqual(before);
});

test('what is not there, or no store, is refused and not made', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'parley-recording-'));
  const read = (address: string) => readRecording(address).catch((error: unknown) => error);
  const nowhere = `sqlite:${join(directory.path, 'nowhere.db')}`;
  const noStore = join(directory.path, 'notes.txt');
  await writeFile(noStore, 'no database at all');
  for (const address of [nowhere, `sqlite:${noStore}`, 'sqlite::memory:', 'mysql:here']) {
    expect(await read(address)).toBeInstanceOf(StoreError);
  }
  expect(await readdir(directory.path)).toEqual(['notes.txt']);
});
