import { mkdir, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { patiently } from '../harness.ts';
import { Peer } from '../security/peer.ts';
import { compileDisk, Disk, isCompilerMissing } from './disk.ts';
import { freePort, ServerProcess } from './server-process.ts';

const Chat = z.looseObject({ chat: z.looseObject({ id: z.string() }) });
const History = z.looseObject({
  chat: z.looseObject({ history: z.array(z.looseObject({ message: z.string() })) }),
});

async function openOnDisk(slowerBy: number) {
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await mkdtempDisposable(join(tmpdir(), 'parley-broken-')));
  const disk = new Disk(join(directory, 'disk'), await compileDisk(directory), slowerBy);
  await mkdir(disk.directory);
  const server = opened.use(new ServerProcess({ directory, port: await freePort() }));
  const ready = async () =>
    (await fetch(new URL('/ready', server.url.replace('ws', 'http')))).status;
  const left = opened.move();
  return {
    disk,
    server,
    ready,
    start: () => server.start(disk.file, disk.variables),
    connect: () => Peer.connect(server.url, { sub: 'backend', role: 'service' }),
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

describe.skipIf(await isCompilerMissing())('a disk that does not take what was written', () => {
  test.each([
    ['fast', 0],
    ['slow', 3],
  ])(
    'loses nothing that was acknowledged, and what was not is sent again when it does: %s',
    async (_speed, slowerBy) => {
      await using parley = await openOnDisk(slowerBy);
      const { disk, server, ready, start } = parley;
      await start();
      await using before = await parley.connect();
      const { chat } = await before.reply('chats:create', { room: 'sales', source: 'test' }, Chat);
      const say = (peer: Peer, text: string) =>
        peer.send('messages:send', { chatId: chat.id, message: text }, `key-${text}`);
      const history = async (peer: Peer) => {
        const get = { chatId: chat.id, fields: 'history', limit: 100 };
        const page = await peer.reply('chats:get', get, History);
        return page.chat.history.map(({ message }) => message);
      };
      const refused = { refusal: { data: { code: 'INTERNAL' } } };
      // So many that the server has found out what disk it is.
      const kept = Array.from({ length: 98 }, (_, index) => `kept-${index}`);
      for (const text of kept) expect(await say(before, text)).toHaveProperty('reply');
      expect(await ready()).toBe(200);

      await disk.break();
      expect(await say(before, 'again')).toMatchObject(refused);
      expect(await say(before, 'again')).toMatchObject(refused);
      expect(await ready()).toBe(503);
      expect(await history(before)).toEqual(kept);
      const told = () => server.complaints.join('\n');
      await expect.poll(told, patiently).toContain('SQLITE_IOERR_FSYNC');

      await disk.repair();
      await expect.poll(ready, patiently).toBe(200);
      const again = await say(before, 'again');
      expect(again).toHaveProperty('reply');
      expect(await say(before, 'later')).toHaveProperty('reply');
      await server.kill();
      await start();
      await using after = await parley.connect();
      const replayed = await say(after, 'again');
      expect(replayed).toMatchObject(again);
      expect(replayed).toMatchObject({ reply: { replayed: true } });
      expect(await history(after)).toEqual([...kept, 'again', 'later']);
    },
    60_000,
  );
});
