import { signToken } from '@parley/server';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { startProxy } from '../client/proxy.ts';
import { patiently, secret } from '../harness.ts';
import { valueIn } from './answer.ts';
import { clients } from './clients.ts';
import { ann, startDesk } from './desk.ts';
import { sockets } from './sockets.ts';

const pairs = sockets.flatMap((socket) =>
  Object.entries(clients).map(([who, open]) => ({ socket, who, open })),
);

const Heard = z.object({
  name: z.string(),
  at: z.date(),
  data: z.object({ message: z.object({ message: z.string(), created: z.date() }) }),
});

describe.each(pairs)('$who at the socket of $socket', ({ socket, open }) => {
  /** A desk, and another connection of Ann's by the client, over a line that can be cut. */
  async function start() {
    await using opened = new AsyncDisposableStack();
    const desk = opened.use(await startDesk(socket));
    const line = opened.use(await startProxy(desk.url));
    const token = await signToken({ ...ann, secret });
    const client = opened.use(open(line.url, token));
    const kept = opened.move();
    return { desk, line, client, [Symbol.asyncDispose]: () => kept.disposeAsync() };
  }

  /** What was heard of new messages, as texts. */
  const texts = (heard: readonly unknown[]) =>
    heard.map((each) => Heard.parse(each).data.message.message);

  test('a reply has Dates where Dates are', async () => {
    await using parley = await start();
    const { client, desk } = parley;
    const data = { chatId: desk.chatId, fields: 'users,history' };
    const reply = await client.send('chats:get', data);
    expect(reply).toEqual(valueIn(await desk.ann.sendEvent('chats:get', data)));
    expect(reply).toMatchObject({ chat: { createdAt: expect.any(Date) } });
  });

  test('text of every kind arrives as it was', async () => {
    await using parley = await start();
    const { client, desk } = parley;
    for (const message of ['Grüße 💬 你好', '\u2028"\\\n\u0000', 'ä'.repeat(8192)]) {
      const reply = await client.send('messages:send', { chatId: desk.chatId, message });
      expect(reply).toMatchObject({ message: { message } });
    }
  });

  test.each([
    [
      'VALIDATION',
      'chats:create',
      { room: 1 },
      { issues: [{ path: ['room'] }, { path: ['source'] }] },
    ],
    [
      'CHAT_EXISTS',
      'chats:create',
      { room: 'sales', source: 'web' },
      { chatId: expect.any(String) },
    ],
    ['FORBIDDEN', 'agents:login', { rooms: ['sales'] }, undefined],
    ['NOT_FOUND', 'chats:get', { chatId: 'c_none' }, undefined],
  ] as const)('%s arrives with all that it carries', async (code, name, data, details) => {
    await using parley = await start();
    const { client } = parley;
    const error: unknown = await client.send(name, data).then(
      () => undefined,
      (reason) => reason,
    );
    const refusal = client.refusalIn(error);
    expect(refusal).toMatchObject({
      code,
      retryable: false,
      errorId: expect.stringMatching(/^e_/),
    });
    expect(refusal.message.length).toBeGreaterThan(10);
    if (details) expect(refusal.details).toMatchObject(details);
    else expect(refusal.details).toBeUndefined();
  });

  test('without a good token a send is refused', async () => {
    await using desk = await startDesk(socket);
    await using client = open(desk.url, 'let.me.in');
    const error: unknown = await client.send('users:chats', {}).then(
      () => undefined,
      (reason) => reason,
    );
    expect(client.refusalIn(error).code).toBe('UNAUTHORIZED');
  });

  test('many sends of one moment are all answered, and take effect in their order', async () => {
    await using parley = await start();
    const { client, desk } = parley;
    const heard: unknown[] = [];
    await client.listen('messages:new', (occurrence) => heard.push(occurrence));
    const messages = Array.from({ length: 40 }, (_, index) => `Message ${index}`);
    const { chatId } = desk;
    const replies = await Promise.all(
      messages.map((message) => client.send('messages:send', { chatId, message })),
    );
    expect(replies).toMatchObject(messages.map((message) => ({ message: { message } })));
    await expect.poll(() => texts(heard), patiently).toEqual(messages);
  });

  test('a durable and an ephemeral event are heard, until it listens no more', async () => {
    await using parley = await start();
    const { client, desk } = parley;
    const { chatId } = desk;
    const [heard, active]: unknown[][] = [[], []];
    const stop = await client.listen('messages:new', (occurrence) => heard?.push(occurrence));
    await client.listen('users:activity', (occurrence) => active?.push(occurrence));
    const write = async (type: string) => {
      await desk.ann.sendEvent('users:activity', { chatId, type });
      await desk.write(type);
    };
    await write('writing');
    await expect.poll(() => [heard?.length, active?.length], patiently).toEqual([1, 1]);
    expect(heard?.[0]).toMatchObject({ name: 'messages:new', seq: 2, at: expect.any(Date) });
    expect(active?.[0]).toMatchObject({ name: 'users:activity', data: { type: 'writing' } });
    stop();
    await client.send('users:chats', {});
    await write('not-writing');
    await expect.poll(() => active?.length, patiently).toBe(2);
    expect(heard).toHaveLength(1);
  });

  test('what is missed while the line is down is heard once and in order', async () => {
    await using parley = await start();
    const { client, desk, line } = parley;
    const heard: unknown[] = [];
    await client.listen('messages:new', (occurrence) => heard.push(occurrence));
    const written: string[] = [];
    const write = async (text: string) => {
      written.push(text);
      await desk.write(text);
    };
    for (const round of [1, 2]) {
      await write(`before ${round}`);
      await expect.poll(() => texts(heard), patiently).toEqual(written);
      line.cut();
      await write(`missed ${round}`);
      await write(`missed too ${round}`);
      line.mend();
      await expect.poll(() => texts(heard), patiently).toEqual(written);
    }
    await write('after');
    await expect.poll(() => texts(heard), patiently).toEqual(written);
  });
});
