import { describe, expect, test } from 'vitest';

import { errorIn, kindOf, valueIn } from './answer.ts';
import { request } from './connection.ts';
import { startWithAnn } from './desk.ts';
import { sockets } from './sockets.ts';

describe.each(sockets)('messages to the socket of %s', (socket) => {
  const call = request(1, 'mutation', 'send.users:chats', { data: {} });
  const { params } = call;

  test('jsonrpc comes back when it was there, and only then', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const { jsonrpc, ...bare } = request(1, 'mutation', 'send.users:chats', { data: {} });
    connection.send(bare);
    expect(await connection.answer(1)).not.toHaveProperty('jsonrpc');
    connection.send({ ...bare, jsonrpc });
    expect(await connection.answer(1)).toHaveProperty('jsonrpc', '2.0');
    const wrong = request(2, 'mutation', 'send.nothing', {});
    connection.send({ ...wrong, jsonrpc: undefined });
    expect(await connection.answer(2)).not.toHaveProperty('jsonrpc');
    connection.send(wrong);
    expect(await connection.answer(2)).toHaveProperty('jsonrpc', '2.0');
  });

  test('a number and a string of the same digits are two ids', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.send(request(1, 'mutation', 'send.users:chats', { data: {} }));
    connection.send(request('1', 'mutation', 'send.nothing', { data: {} }));
    expect(kindOf(await connection.answer('1'))).toBe('NOT_FOUND');
    expect(kindOf(await connection.answer(1))).toBe('data');
  });

  test('calls with one id are all answered', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    for (const path of ['send.users:chats', 'send.users:chats', 'send.users:chats']) {
      connection.send(request(1, 'mutation', path, { data: {} }));
    }
    expect((await connection.answers(1, 3)).map(kindOf)).toEqual(['data', 'data', 'data']);
  });

  test('a call whose id is null is refused under that id', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.send({ ...call, id: null });
    expect(kindOf(await connection.answer(null))).toBe('VALIDATION');
  });

  test('an id that is no finite number is none', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.sendText(JSON.stringify(call).replace('"id":1', '"id":1e999'));
    await connection.caughtUp();
    expect(connection.untaken).toEqual([null]);
  });

  test.each([
    ['an empty text', ''],
    ['no JSON', '{"id":1'],
    ['a number', '1'],
    ['a text', '"ping"'],
    ['true', 'true'],
    ['null', 'null'],
    ['ping in lower case', 'ping'],
    ['an empty object', '{}'],
    ['null in a batch', '[null]'],
    ['a number in a batch', '[1]'],
    ['a batch in a batch', '[[]]'],
  ])('%s is refused, and what follows is answered', async (_what, text) => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.sendText(text);
    const answer = await connection.answer(null);
    expect(errorIn(answer)).toEqual({
      message: 'The data does not fit the event. Correct the fields named in data.issues.',
      code: -32_600,
      data: {
        code: 'VALIDATION',
        retryable: false,
        errorId: expect.stringMatching(/^e_/),
        details: {
          issues: [{ path: [], message: 'This is not a message that Parley understands.' }],
        },
      },
    });
    expect(answer).not.toHaveProperty('jsonrpc');
    expect(kindOf(await connection.sendEvent('users:chats', {}))).toBe('data');
  });

  test.each([
    ['no id', { ...call, id: undefined }],
    ['true as id', { ...call, id: true }],
    ['an object as id', { ...call, id: {} }],
    ['an array as id', { ...call, id: [1] }],
  ])('%s is no call', async (_what, frame) => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.send(frame);
    expect(kindOf(await connection.answer(null))).toBe('VALIDATION');
    expect(kindOf(await connection.sendEvent('users:chats', {}))).toBe('data');
    expect(connection.untaken).toEqual([]);
  });

  test.each([
    ['another jsonrpc', { ...call, jsonrpc: '1.0' }],
    ['null as jsonrpc', { ...call, jsonrpc: null }],
    ['no method', { ...call, method: undefined }],
    ['an unknown method', { ...call, method: 'delete' }],
    ['a method of Object', { ...call, method: 'constructor' }],
    ['a number as method', { ...call, method: 1 }],
    ['no params', { ...call, params: undefined }],
    ['null as params', { ...call, params: null }],
    ['an array as params', { ...call, params: [params] }],
    ['a text as params', { ...call, params: 'send.users:chats' }],
    ['no path', { ...call, params: { ...params, path: undefined } }],
    ['null as path', { ...call, params: { ...params, path: null } }],
    ['an array as path', { ...call, params: { ...params, path: ['send', 'users:chats'] } }],
    ['a number as position', { ...call, params: { ...params, lastEventId: 1 } }],
    ['null as position', { ...call, params: { ...params, lastEventId: null } }],
  ])('%s beside an id is no call', async (_what, frame) => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.send(frame);
    const answer = await connection.answer(socket === 'parley' ? 1 : null);
    expect(kindOf(answer)).toBe('VALIDATION');
    expect(kindOf(await connection.sendEvent('users:chats', {}))).toBe('data');
    expect(connection.untaken).toEqual([]);
  });

  test('a binary frame is no call, even when there is JSON in it', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    for (const text of [JSON.stringify(call), 'PING', '']) {
      connection.sendBinary(text);
      expect(kindOf(await connection.answer(null))).toBe('VALIDATION');
    }
    await connection.caughtUp();
    expect(connection.frames).not.toContain('PONG');
    expect(connection.untaken).toEqual([]);
  });

  test('what a frame has beside the protocol is passed over', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const more = { extra: 1, result: {}, error: {} };
    connection.send({ ...call, ...more, params: { ...params, ...more } });
    expect(kindOf(await connection.answer(1))).toBe('data');
  });

  test.each(['query', 'subscription'] as const)(
    'a %s finds nothing where a mutation is',
    async (method) => {
      await using parley = await startWithAnn(socket);
      const answer = await parley.connection.call(method, 'send.users:chats', { data: {} });
      expect(errorIn(answer)).toMatchObject({
        code: -32_004,
        message: 'There is no such event, or it is not sent or listened to this way.',
        data: { code: 'NOT_FOUND' },
      });
      await parley.connection.caughtUp();
      expect(parley.connection.untaken).toEqual([]);
    },
  );

  test.each(['query', 'mutation'] as const)(
    'a %s finds nothing where a subscription is',
    async (method) => {
      await using parley = await startWithAnn(socket);
      const answer = await parley.connection.call(method, 'listen.messages:new', {});
      expect(kindOf(answer)).toBe('NOT_FOUND');
    },
  );

  test.each([
    '',
    '.',
    'send',
    'send.',
    'send.nothing',
    'send.users:chats.more',
    'send..users:chats',
    'SEND.users:chats',
    'users:chats',
    'listen',
    'listen.users:chats',
    'send.messages:new',
    '__proto__',
    'send.__proto__',
    'send.constructor',
    'listen.toString',
    'constructor.name',
    'x'.repeat(1000),
  ])('there is nothing at %j', async (path) => {
    await using parley = await startWithAnn(socket);
    for (const method of ['mutation', 'query', 'subscription'] as const) {
      expect(kindOf(await parley.connection.call(method, path, { data: {} }))).toBe('NOT_FOUND');
    }
    await parley.connection.caughtUp();
    expect(parley.connection.untaken).toEqual([]);
  });

  test('a batch is answered call by call', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.send([
      request(1, 'mutation', 'send.users:chats', { data: {} }),
      request('two', 'mutation', 'send.nothing', {}),
      request(3, 'query', 'send.users:chats', { data: {} }),
      request(4, 'mutation', 'send.users:chats', { data: { wrong: 1 } }),
      { ...request(5, 'mutation', 'send.users:chats', { data: {} }), jsonrpc: undefined },
    ]);
    const answers = await Promise.all([1, 'two', 3, 4, 5].map((id) => connection.answer(id)));
    expect(answers.map(kindOf)).toEqual(['data', 'NOT_FOUND', 'NOT_FOUND', 'VALIDATION', 'data']);
    expect(answers.map((answer) => 'jsonrpc' in answer)).toEqual([true, true, true, true, false]);
  });

  test('an empty batch asks for nothing', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.send([]);
    await connection.caughtUp();
    expect(connection.frames).toHaveLength(3);
  });

  test('a batch with a broken call has no other effect than its other calls', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const create = { data: { room: 'sales', source: 'web' } };
    connection.send([request(1, 'mutation', 'send.chats:create', create), { id: 2 }]);
    const isWhole = socket === 'trpc';
    expect(kindOf(await connection.answer(isWhole ? null : 2))).toBe('VALIDATION');
    if (!isWhole) expect(kindOf(await connection.answer(1))).toBe('data');
    const chats = valueIn(await connection.sendEvent('users:chats', {}));
    expect(chats).toEqual({ chats: isWhole ? [] : [expect.anything()] });
    expect(connection.untaken).toEqual([]);
  });
});
