import { once } from 'node:events';

import { defineEvent } from '@parley/contract';
import { type AuditEntry, defineHandler, type Logger, signToken } from '@parley/server';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod';

import { openWorkplace } from '../cli/command.ts';
import { type Identity, patiently, secret, startServer } from '../harness.ts';
import { Peer } from './peer.ts';

const Chat = z.looseObject({ chat: z.looseObject({ id: z.string() }) });
const Message = z.looseObject({ message: z.looseObject({ id: z.string() }) });

/** What is said and nobody but its readers may find, in none of the fields that people write in. */
const said = 'quokka';

/** Everything a log may be tempted by: texts in every field, refusals of every kind, tokens good and bad. */
async function beBusy(url: string): Promise<{ tokens: string[]; chatId: string }> {
  const enter = (identity: Identity) => Peer.connect(url, identity);
  await using ann = await enter({ sub: 'ann', role: 'customer', name: `Ann ${said}` });
  await using bob = await enter({ sub: 'bob', role: 'agent', name: `Bob ${said}` });
  await using sue = await enter({ sub: 'sue', role: 'supervisor' });
  await using backend = await enter({ sub: 'backend', role: 'service' });
  await bob.send('agents:login', { rooms: ['sales'] });
  const { chat } = await ann.reply('chats:create', { room: 'sales', source: said }, Chat);
  const chatId = chat.id;
  for (const peer of [ann, bob, sue, backend]) await peer.listen('messages:new');
  await bob.send('chats:join', { chatId });
  for (let count = 0; count < 20; count += 1) {
    const { message } = await ann.reply('messages:send', { chatId, message: said }, Message);
    await bob.send('messages:read', { messageId: message.id });
  }
  await ann.send('messages:send', { chatId, type: 'object', message: { [said]: said } }, 'a-key');
  await ann.send('messages:send', { chatId, message: `other ${said}` }, 'a-key');
  await ann.send('messages:send', { chatId, message: { [`__proto__ ${said}`]: 1 }, [said]: said });
  await ann.send('messages:send', { chatId: 'c_unknown', message: said });
  await ann.send('messages:send', { chatId, message: said, visibility: 'agents' });
  const entry = { sender: said, message: said, created: 1_700_000_000 };
  await backend.send('history:import', { chatId, history: [entry, { ...entry, created: -1 }] });
  await sue.send('chats:get', { chatId, fields: 'users,watchers,history' });
  await sue.send('chats:close', { chatId, reason: said, extraData: { note: said } });
  await bob.send('agents:status', { status: 'away', reason: said });
  const tokens = await badTokens();
  for (const token of tokens) await knock(url, token);
  return { tokens, chatId };
}

async function badTokens(): Promise<string[]> {
  const ann = { sub: 'ann', role: 'customer' } as const;
  return [
    await signToken({ ...ann, secret: 'another secret of another server' }),
    await signToken({ ...ann, secret, ttl: -3600 }),
    `not.a.${said}`,
  ];
}

async function knock(url: string, token: string) {
  const socket = new WebSocket(`${url}?connectionParams=1`);
  await once(socket, 'open');
  socket.send(JSON.stringify({ method: 'connectionParams', data: { token, more: said } }));
  const call = { id: 1, method: 'mutation', params: { path: 'send.users:chats', input: {} } };
  socket.send(JSON.stringify(call));
  await once(socket, 'message');
  socket.send(`This is no message, ${said}`);
  await once(socket, 'message');
  socket.terminate();
}

test('the most talkative log of a busy server holds nothing of what was said, and no token', async () => {
  await using workplace = await openWorkplace({ PARLEY_JWT_SECRET: secret, PARLEY_LOG: 'trace' });
  await using server = await workplace.startAndRead('serve', '--port', '0');
  let log = '';
  server.child.stderr.on('data', (chunk) => (log += String(chunk)));
  const url = (await server.firstLine).split(' ').at(-1) ?? '';
  const { tokens, chatId } = await beBusy(url);
  server.child.kill('SIGTERM');
  await once(server.child, 'close');

  // It does say what happened.
  expect(log.match(/"action":"send messages:send","outcome":"ok"/g)?.length).toBeGreaterThanOrEqual(
    20,
  );
  expect(log).toContain('"code":"VALIDATION"');
  expect(log).toContain(`"of":{"chatId":"${chatId}"}`);
  expect(log).toContain('"outcome":"UNAUTHORIZED"');
  expect(log).not.toContain(said);
  expect(log).not.toContain(secret);
  expect(log).not.toMatch(/eyJ[\w-]+\.[\w-]*/);
  for (const token of tokens) expect(log).not.toContain(token.split('.').at(-1));
});

const failing = defineEvent('vaults:open', {
  summary: 'A handler that fails.',
  send: {
    by: ['customer'],
    data: z.strictObject({}),
    reply: z.strictObject({}),
    errors: [],
    example: {},
  },
});

test('a failure tells the client an id, and the log the same id with the stack and its causes', async () => {
  const lines: { level: string; details: object; message: string }[] = [];
  const line = (level: string) => (details: object, message: string) =>
    void lines.push({ level, details, message });
  const logger: Logger = {
    error: line('error'),
    warn: line('warn'),
    info: line('info'),
    debug: line('debug'),
    trace: line('trace'),
  };
  const handler = defineHandler(failing, async () => {
    const row = { password: 'hunter2' };
    const cause = Object.assign(new Error('The connection was reset.'), {
      code: 'ECONNRESET',
      row,
    });
    throw new Error('The vault did not open.', { cause });
  });
  const own = { events: [failing], handlers: [handler], onRefused: () => undefined };
  await using server = await startServer({ ...own, logger });
  await using ann = await Peer.connect(server.url, { sub: 'ann', role: 'customer' });
  const answer = await ann.send('vaults:open', {});
  if (!('refusal' in answer)) throw new Error('It did not fail.');
  const { data, message } = answer.refusal;
  expect(data).toEqual({ code: 'INTERNAL', retryable: true, errorId: expect.any(String) });
  expect(message).not.toContain('vault');
  const failed = lines.filter(({ level }) => level === 'error');
  expect(failed).toHaveLength(1);
  expect(failed[0]?.details).toMatchObject({
    errorId: data.errorId,
    path: 'send.vaults:open',
    err: {
      message: 'The vault did not open.',
      stack: expect.stringContaining('logs.test.ts'),
      cause: { message: 'The connection was reset.', code: 'ECONNRESET' },
    },
  });
  expect(JSON.stringify(failed)).not.toContain('hunter2');
  expect(ann.texts.join('\n')).not.toMatch(/vault did|reset|hunter2|at .*\.ts/);
});

test('what administrators do and what is denied goes to the audit log: who, what, when, and nothing that was said', async () => {
  const entries: AuditEntry[] = [];
  await using server = await startServer({ audit: (entry) => entries.push(entry) });
  const before = Date.now();
  const { chatId } = await beBusy(server.url);
  await server.revoke('ann');
  expect(entries).toContainEqual({
    at: expect.any(Date),
    by: { id: 'sue', role: 'supervisor' },
    action: 'send chats:close',
    outcome: 'ok',
    of: { chatId },
  });
  expect(entries).toContainEqual(
    expect.objectContaining({
      by: { id: 'ann', role: 'customer' },
      action: 'send messages:send',
      outcome: 'NOT_FOUND',
      of: { chatId: 'c_unknown' },
    }),
  );
  const actions = entries.map(({ by, action, outcome }) => `${by?.id} ${action} ${outcome}`);
  expect(actions).toContain('ann send messages:send FORBIDDEN');
  expect(actions).toContain('sue listen messages:new ok');
  expect(actions).toContain('sue log in ok');
  expect(actions.filter((each) => each === 'undefined log in UNAUTHORIZED')).toHaveLength(3);
  expect(entries.at(-1)).toMatchObject({ action: 'revoke', outcome: 'ok', of: { userId: 'ann' } });
  // What customers and agents do for themselves is theirs.
  expect(actions).not.toContain('ann send messages:send ok');
  for (const { at } of entries) expect(at.getTime()).toBeGreaterThanOrEqual(before);
  expect(JSON.stringify(entries)).not.toContain(said);
});

test('a back end that acts for others is audited with whom it acted for', async () => {
  const entries: AuditEntry[] = [];
  await using server = await startServer({ audit: (entry) => entries.push(entry) });
  await using backend = await Peer.connect(server.url, { sub: 'backend', role: 'service' });
  await backend.send('chats:create', { room: 'sales', source: 'test', creator: 'ann' });
  await expect
    .poll(() => entries, patiently)
    .toContainEqual(
      expect.objectContaining({
        by: { id: 'backend', role: 'service' },
        action: 'send chats:create',
        of: { creator: 'ann' },
      }),
    );
});
