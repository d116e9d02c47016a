import { defineEvent } from '@parley/contract';
import { defineHandler } from '@parley/server';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { startServer } from '../harness.ts';
import { errorIn, kindOf, valueIn } from './answer.ts';
import { Connection, request } from './connection.ts';
import { backend, createChat, startWithAnn } from './desk.ts';
import { sockets } from './sockets.ts';

describe.each(sockets)('calls over the socket of %s', (socket) => {
  test('a mutation is answered with its data', async () => {
    await using parley = await startWithAnn(socket);
    const answer = await parley.connection.sendEvent('users:chats', {}, 7);
    expect(answer).toEqual({
      id: 7,
      jsonrpc: '2.0',
      result: { type: 'data', data: { json: { chats: [] } } },
    });
  });

  test('a Date in an answer is named by the meta', async () => {
    await using parley = await startWithAnn(socket);
    const input = { room: 'sales', source: 'web' };
    expect(await parley.connection.sendEvent('chats:create', input)).toMatchObject({
      result: {
        data: {
          json: { chat: { createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) } },
          meta: { values: { 'chat.createdAt': ['Date'] }, v: 1 },
        },
      },
    });
  });

  test.each([1, 0, -1, 1.5, 2 ** 53, 1e21, '1', 'a', '', 'Ünï \u2028 💬', '"\\', '__proto__'])(
    'the id %j comes back as it was',
    async (id) => {
      await using parley = await startWithAnn(socket);
      const answers = [
        await parley.connection.sendEvent('users:chats', {}, id),
        await parley.connection.sendEvent('users:chats', { unknown: 1 }, id),
      ];
      expect(answers.map((answer) => [answer.id, kindOf(answer)])).toEqual([
        [id, 'data'],
        [id, 'VALIDATION'],
      ]);
    },
  );

  test('a refusal has a code, a sentence, an id of its own, and data where the code has some', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const chatId = await createChat(connection);
    const create = { room: 'sales', source: 'web' };
    expect(errorIn(await connection.sendEvent('chats:create', create))).toEqual({
      message: 'The customer already has an open chat. Use the one named in data.chatId.',
      code: -32_009,
      data: {
        code: 'CHAT_EXISTS',
        retryable: false,
        errorId: expect.stringMatching(/^e_/),
        details: { chatId },
      },
    });
    expect(errorIn(await connection.sendEvent('chats:create', { room: 1, sauce: 'web' }))).toEqual({
      message: expect.stringContaining('The data does not fit the event. room: '),
      code: -32_600,
      data: {
        code: 'VALIDATION',
        retryable: false,
        errorId: expect.stringMatching(/^e_/),
        details: {
          issues: [
            { path: ['room'], message: expect.any(String) },
            { path: ['source'], message: expect.any(String) },
            { path: [], message: expect.stringContaining('sauce') },
          ],
        },
      },
    });
    const forbidden = await connection.sendEvent('agents:login', { rooms: ['sales'] });
    expect(errorIn(forbidden)).toMatchObject({ code: -32_003, data: { code: 'FORBIDDEN' } });
    const missing = await connection.sendEvent('chats:get', { chatId: 'c_none' });
    expect(errorIn(missing)).toMatchObject({ code: -32_004, data: { code: 'NOT_FOUND' } });
  });

  test('who may not send something is told so before the data is looked at', async () => {
    await using parley = await startWithAnn(socket);
    const answer = await parley.connection.sendEvent('agents:login', { wrong: 1 });
    expect(kindOf(answer)).toBe('FORBIDDEN');
  });

  test('a repeated key gives the first reply again, and other data under it is refused', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const path = 'send.chats:create';
    const data = { room: 'sales', source: 'web' };
    const first = valueIn(await connection.call('mutation', path, { data, key: 'k' }));
    const again = valueIn(await connection.call('mutation', path, { data, key: 'k' }));
    expect(again).toEqual({ ...z.looseObject({}).parse(first), replayed: true });
    const other = { data: { ...data, source: 'app' }, key: 'k' };
    expect(kindOf(await connection.call('mutation', path, other))).toBe('IDEMPOTENCY_CONFLICT');
  });

  test('calls take effect in the order they were sent in', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const chatId = await createChat(connection);
    const texts = Array.from({ length: 30 }, (_, index) => `Message ${index}`);
    texts.forEach((message, index) =>
      connection.send(
        request(index, 'mutation', 'send.messages:send', {
          data: { chatId, message },
          ...(index % 2 === 0 && { key: `k${index}` }),
        }),
      ),
    );
    connection.send(
      request('get', 'mutation', 'send.chats:get', { data: { chatId, fields: 'history' } }),
    );
    const history = texts.map((message) => ({ message }));
    expect(valueIn(await connection.answer('get'))).toMatchObject({ chat: { history } });
    const answers = await Promise.all(texts.map((_, index) => connection.answer(index)));
    expect(answers.map((answer) => valueIn(answer))).toMatchObject(
      texts.map((message, index) => ({ message: { message, seq: index + 2 } })),
    );
  });

  test('a quick call does not wait for a slow one', async () => {
    const { promise: slowness, resolve: goOn } = Promise.withResolvers<void>();
    const wait = defineEvent('tests:wait', {
      summary: 'Takes as long as the test says.',
      send: {
        by: ['customer'],
        effect: 'none',
        data: z.strictObject({}),
        reply: z.strictObject({ waited: z.boolean() }),
        errors: [],
        example: {},
      },
    });
    const handler = defineHandler(wait, async () => async () => {
      await slowness;
      return { waited: true };
    });
    await using parley = await startWithAnn(socket, { events: [wait], handlers: [handler] });
    const { connection } = parley;
    connection.send(request('slow', 'mutation', 'send.tests:wait', { data: {} }));
    connection.send(request('quick', 'mutation', 'send.users:chats', { data: {} }));
    expect(kindOf(await connection.answer('quick'))).toBe('data');
    expect(connection.untaken).toEqual([]);
    goOn();
    expect(valueIn(await connection.answer('slow'))).toEqual({ waited: true });
  });

  test('a failure inside says nothing of the inside', async () => {
    const fail = defineEvent('tests:fail', {
      summary: 'Fails.',
      send: {
        by: ['customer'],
        effect: 'none',
        data: z.strictObject({ how: z.enum(['throws', 'unwritable']) }),
        reply: z.looseObject({}),
        errors: [],
        example: { how: 'throws' },
      },
    });
    const handler = defineHandler(fail, async ({ data }) => {
      if (data.how === 'throws') throw new Error('The password is hunter2.');
      return { ['constructor']: 'superjson refuses to write this' };
    });
    const told: unknown[] = [];
    await using parley = await startWithAnn(socket, {
      events: [fail],
      handlers: [handler],
      onRefused: ({ errorId }) => told.push(errorId),
    });
    const { connection } = parley;
    for (const how of ['throws', 'unwritable']) {
      const error = errorIn(await connection.sendEvent('tests:fail', { how }));
      expect(error).toEqual({
        message: 'The server failed. Report the errorId; it is in the server log.',
        code: -32_603,
        data: { code: 'INTERNAL', retryable: true, errorId: told.at(-1) },
      });
    }
    expect(told).toHaveLength(2);
    expect(kindOf(await connection.sendEvent('users:chats', {}))).toBe('data');
  });

  test('what was sent on a connection that is lost happens all the same', async () => {
    await using parley = await startWithAnn(socket);
    const { server, connection } = parley;
    const chatId = await createChat(connection);
    await using service = await Connection.as(server.url, backend);
    await service.call('subscription', 'listen.messages:new', {}, 'listening');
    connection.send(
      request(1, 'mutation', 'send.messages:send', { data: { chatId, message: 'Bye' } }),
    );
    connection.sendText('PING');
    await connection.heard('PONG');
    connection.cut();
    expect(valueIn(await service.answer('listening'))).toMatchObject({
      data: { data: { message: { message: 'Bye' } } },
    });
  });

  test('a server that stops answers first what it has in hand', async () => {
    const server = await startServer({ socket });
    await using connection = await Connection.as(server.url, backend);
    await connection.sendEvent('users:chats', {});
    const create = { data: { room: 'sales', source: 'web', creator: 'ann' } };
    connection.send(request(1, 'mutation', 'send.chats:create', create));
    await connection.ping();
    await server[Symbol.asyncDispose]();
    expect(kindOf(await connection.answer(1))).toBe('data');
    expect(await connection.closed).toBe(1001);
  });

  test('many calls of one moment are all answered', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const ids = Array.from({ length: 90 }, (_, index) => index);
    for (const id of ids) {
      connection.send(request(id, 'mutation', 'send.users:chats', { data: {} }));
    }
    const answers = await Promise.all(ids.map((id) => connection.answer(id)));
    expect(answers.map(kindOf)).toEqual(ids.map(() => 'data'));
  });
});
