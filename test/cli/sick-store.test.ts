import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';
import * as z from 'zod';

import { patiently, secret } from '../harness.ts';
import { Peer } from '../security/peer.ts';
import { openWorkplace } from './command.ts';

const run = promisify(execFile);

const Chat = z.looseObject({ chat: z.looseObject({ id: z.string() }) });
const Unread = z.looseObject({ chat: z.looseObject({ unread: z.number() }) });

test('a store that takes nothing more makes the server not ready and every send fail, until it does again', async () => {
  const limits = JSON.stringify({ framesPerSecond: 0, sendsPerSecond: 0, shedLagMs: 0 });
  await using workplace = await openWorkplace({ PARLEY_JWT_SECRET: secret, PARLEY_LIMITS: limits });
  await using server = await workplace.startAndRead('serve', '--port', '0');
  let log = '';
  server.child.stderr.on('data', (chunk) => (log += String(chunk)));
  const url = (await server.firstLine).split(' ').at(-1) ?? '';
  const ready = async () => {
    const response = await fetch(new URL('/ready', url.replace('ws', 'http')));
    return [response.status, await response.json()];
  };
  const limitFiles = (bytes: string) =>
    run('prlimit', ['--pid', String(server.child.pid), `--fsize=${bytes}:unlimited`]);

  await using backend = await Peer.connect(url, { sub: 'backend', role: 'service' });
  const { chat } = await backend.reply('chats:create', { room: 'sales', source: 'test' }, Chat);
  const chatId = chat.id;
  const message = { chatId, message: 'x'.repeat(8000) };
  expect(await backend.outcome('messages:send', message)).toBe('ok');
  expect(await ready()).toEqual([200, { status: 'ready' }]);

  // To the server it is a disk that is full.
  await limitFiles('1048576');
  let sent = 1;
  while ((await backend.outcome('messages:send', message)) === 'ok' && sent < 1000) sent += 1;
  expect(sent).toBeLessThan(1000);
  expect(await backend.outcome('messages:send', message)).toBe('INTERNAL');
  expect(await ready()).toEqual([503, { status: 'store is sick' }]);
  const told = /"errorId":"e_\w+","path":"send\.messages:send","err":\{.*SQLITE_/;
  await expect.poll(() => log, patiently).toMatch(told);

  await limitFiles('unlimited');
  await expect.poll(ready, patiently).toEqual([200, { status: 'ready' }]);
  expect(await backend.outcome('messages:send', message)).toBe('ok');
  await using reader = await Peer.connect(url, { sub: 'reader', role: 'service' });
  // What was acknowledged is there, and nothing else.
  const { chat: seen } = await reader.reply('chats:get', { chatId }, Unread);
  expect(seen.unread).toBe(sent + 1);
  server.child.kill('SIGTERM');
  const [code] = await once(server.child, 'close');
  expect(code).toBe(0);
}, 60_000);
