import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';

import { expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { openWorkplace } from './command.ts';

const secret = 'a secret for tests that is long enough';

/** Where a server could listen and none does. */
async function addressOfNobody() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `ws://127.0.0.1:${port}/events`;
}

test('a served Parley can be sent to and listened to from the shell', async () => {
  await using workplace = await openWorkplace({ PARLEY_JWT_SECRET: secret });
  await using server = await workplace.startAndRead('serve', '--port', '0');
  const line = await server.firstLine;
  expect(line).toMatch(/^parley listening on ws:\/\/127\.0\.0\.1:\d+\/events$/);
  const url = line.split(' ').at(-1) ?? '';

  const signed = await workplace.run(
    'token',
    '--sub',
    'ann',
    '--role',
    'customer',
    '--name',
    'Ann',
  );
  const token = signed.out.trim();
  const created = ['send', 'chats:create', '{"room":"sales","source":"shell"}', '--token', token];
  const first = await workplace.run(...created, '--key', 'k1', '--url', url);
  expect(first).toMatchObject({ code: 0, errors: '' });
  const { chat } = JSON.parse(first.out);
  expect(chat).toMatchObject({ room: 'sales', source: 'shell', customerId: 'ann' });

  const again = await workplace.run(...created, '--key', 'k1', '--url', url);
  expect(JSON.parse(again.out)).toEqual({ chat, replayed: true });
  const refused = await workplace.run(...created, '--url', url);
  expect(refused.code).toBe(1);
  expect(refused.errors).toMatch(/^parley: CHAT_EXISTS: .*\{"chatId":"c_/);

  await using listener = await workplace.startAndRead(
    ...['listen', 'chats:create', 'messages:new', '--since', '0', '--token', token, '--url', url],
  );
  expect(JSON.parse(await listener.firstLine)).toMatchObject({
    name: 'chats:create',
    chatId: chat.id,
    seq: 1,
    data: { chat },
  });
});

test('a server stops in order when it is asked to, and keeps what it was told', async () => {
  await using workplace = await openWorkplace({ PARLEY_JWT_SECRET: secret });
  const { out } = await workplace.run('token', '--sub', 'ann', '--role', 'customer');
  const token = out.trim();

  for (const expected of ['{"chats":[]}', '{"chats":[{']) {
    await using server = await workplace.startAndRead('serve', '--port', '0');
    const url = (await server.firstLine).split(' ').at(-1) ?? '';
    const listed = await workplace.run('send', 'users:chats', '{}', '--token', token, '--url', url);
    expect(listed.out.startsWith(expected)).toBe(true);
    await workplace.run(
      ...['send', 'chats:create', '{"room":"r","source":"s"}', '--token', token, '--url', url],
    );
    server.child.kill('SIGTERM');
    const [code] = await once(server.child, 'close');
    expect(code).toBe(0);
  }
});

test('a server that is asked twice to stop waits for nobody', async () => {
  const limits = JSON.stringify({ acceptsPerSecond: 20, drainSeconds: 60 });
  await using workplace = await openWorkplace({ PARLEY_JWT_SECRET: secret, PARLEY_LIMITS: limits });
  await using server = await workplace.startAndRead('serve', '--port', '0');
  const url = (await server.firstLine).split(' ').at(-1) ?? '';
  const sockets = Array.from({ length: 20 }, () => new WebSocket(url));
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  const ended = once(server.child, 'close');
  server.child.kill('SIGTERM');
  const ready = new URL('/ready', url.replace('ws', 'http'));
  await expect.poll(() => fetch(ready).then(({ status }) => status)).toBe(503);
  server.child.kill('SIGTERM');
  const [code] = await ended;
  expect(code).toBe(1);
});

test('without a key, development makes a secret and says so; production refuses to start', async () => {
  await using workplace = await openWorkplace();
  await using server = await workplace.startAndRead('serve', '--port', '0');
  const told = once(server.child.stderr, 'data');
  await server.firstLine;
  expect(String(await told)).toContain('data/development-secret');
  expect(await readFile(join(workplace.directory, 'data/development-secret'), 'utf8')).toHaveLength(
    43,
  );

  await using production = await openWorkplace({ NODE_ENV: 'production' });
  expect(await production.run('serve', '--port', '0')).toMatchObject({
    code: 2,
    errors: expect.stringContaining('PARLEY_JWT_SECRET'),
  });
});

test('two servers on one store: the second says what to do', async () => {
  await using workplace = await openWorkplace({ PARLEY_JWT_SECRET: secret });
  await using server = await workplace.startAndRead('serve', '--port', '0');
  await server.firstLine;
  const second = await workplace.run('serve', '--port', '0');
  expect(second).toMatchObject({ code: 1, out: '' });
  expect(second.errors).toContain('is in use by another process');
});

test.each([
  [['tokn'], 'There is no command "tokn"'],
  [['token', '--sub', 'ann', '--rolee', 'customer'], 'There is no option --rolee'],
  [['token', '--sub', 'ann', '--role', 'boss'], 'There is no role "boss"'],
  [['token', '--sub', 'ann', '--role', 'agent', '--ttl', 'long'], '--ttl is a number'],
  [['serve', '--port', 'x'], '"x" is no port'],
  [['send', 'chats:create', '{', '--token', 't'], 'The data is not JSON'],
  [['send', 'chats:create', '--token', 't'], 'Missing required positional argument'],
  [['listen', 'messages:new', '--token', 't', '--since', 'x'], '--since is a position'],
  [['generate'], 'parley.config.ts is missing'],
])('%j is bad usage: one line that says so, and exit code 2', async (words, message) => {
  await using workplace = await openWorkplace({ PARLEY_JWT_SECRET: secret });
  const { code, out, errors } = await workplace.run(...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(errors).toContain(message);
  expect(errors.trimEnd().split('\n')).toHaveLength(1);
});

test.each(['0.5', 'ever', '-1'])(
  'a server does not start with %j days to keep the log',
  async (days) => {
    await using workplace = await openWorkplace({
      PARLEY_JWT_SECRET: secret,
      PARLEY_RETAIN_DAYS: days,
    });
    const { code, errors } = await workplace.run('serve', '--port', '0');
    expect(code).toBe(2);
    expect(errors).toContain('Set PARLEY_RETAIN_DAYS to 1 or more');
  },
);

test('a store that cannot be opened and a server that is not there are failures: exit code 1', async () => {
  await using workplace = await openWorkplace({ PARLEY_JWT_SECRET: secret });
  const store = await workplace.run('serve', '--store', 'mysql:here');
  expect(store).toMatchObject({ code: 1, errors: expect.stringContaining('Use sqlite:<file>') });
  const url = await addressOfNobody();
  const send = await workplace.run('send', 'users:chats', '{}', '--token', 't', '--url', url);
  expect(send).toMatchObject({ code: 1, errors: expect.stringContaining('No server answers') });
});
