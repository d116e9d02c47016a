import { describe, expect, test } from 'vitest';

import { kindOf, valueIn } from './answer.ts';
import { Connection, request } from './connection.ts';
import { ann, backend, createChat, startWithAnn } from './desk.ts';
import { sockets } from './sockets.ts';

describe.each(sockets)('inputs of calls over the socket of %s', (socket) => {
  const call = request(1, 'mutation', 'send.users:chats', { data: {} });
  const { params } = call;

  test.each([
    ['no input', undefined],
    ['null', null],
    ['a text', 'data'],
  ])('%s where superjson should be is refused', async (_what, input) => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.send({ ...call, params: { path: params.path, input } });
    await connection.caughtUp();
    expect(connection.untaken).toHaveLength(1);
    const [id = null] = connection.untaken;
    expect(kindOf(await connection.answer(id))).toBe('VALIDATION');
  });

  test.each([
    ['nothing', {}],
    ['null', { json: null }],
    ['an array', { json: [] }],
    ['no data', { json: {} }],
    ['null as data', { json: { data: null } }],
    ['more than is asked for', { json: { data: {}, more: 1 } }],
    ['an empty key', { json: { data: {}, key: '' } }],
    ['a key that is too long', { json: { data: {}, key: 'k'.repeat(65) } }],
    ['a key that is no text', { json: { data: {}, key: 1 } }],
    ['another type than is asked for', { json: { data: { userId: 1 } } }],
    ['a Date where none is asked for', dated('data.userId')],
    ['an unsafe key', { json: { data: { constructor: 1 } } }],
    ['an unsafe key deep inside', { json: { data: { userId: { a: [{ prototype: 1 }] } } } }],
  ])('an input of %s does not fit', async (_what, input) => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.send({ ...call, params: { path: params.path, input } });
    expect(kindOf(await connection.answer(1))).toBe('VALIDATION');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('__proto__ in an input is refused', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    connection.sendText(
      `{"id":1,"method":"mutation","params":{"path":"send.users:chats","input":{"json":{"data":{"__proto__":{"polluted":1}}}}}}`,
    );
    expect(kindOf(await connection.answer(1))).toBe('VALIDATION');
    expect({}).not.toHaveProperty('polluted');
  });

  test.each([
    ['nothing', {}],
    ['null', { meta: null }],
    ['an empty meta', { meta: {} }],
    ['a version', { meta: { v: 1 } }],
    ['no values', { meta: { values: {}, v: 1 } }],
    [
      'undefined',
      { json: { data: { userId: null } }, meta: { values: { 'data.userId': ['undefined'] } } },
    ],
    ['what is the same', { meta: { referentialEqualities: { data: [] } } }],
  ])('an input with %s beside it is read', async (_what, input) => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const whole = { json: { data: {} }, ...input };
    connection.send({ ...call, params: { path: params.path, input: whole } });
    expect(kindOf(await connection.answer(1))).toBe('data');
  });

  test.each([
    ['no object', 1],
    ['a text', 'Date'],
    ['an array', []],
    ['a later version', { v: 2 }],
    ['more than superjson writes', { more: 1 }],
    ['a place that is not there', { values: { 'data.more': ['Date'] } }],
    ['a place in a text', { values: { 'data.userId.0': ['Date'] } }],
    ['a place in the prototype', { values: { 'data.__proto__': ['Date'] } }],
    ['no list', { values: { 'data.userId': 'Date' } }],
    ['an unknown kind', { values: { 'data.userId': ['date'] } }],
    ['a RegExp', { values: { 'data.userId': ['regexp'] } }],
    ['a set', { values: { 'data.userId': ['set'] } }],
    ['a map', { values: { 'data.userId': ['map'] } }],
    ['an address', { values: { 'data.userId': ['URL'] } }],
    ['an error', { values: { 'data.userId': ['Error'] } }],
    ['a symbol', { values: { 'data.userId': [['symbol', 'x']] } }],
    ['a class', { values: { 'data.userId': [['class', 'x']] } }],
    ['something of its own', { values: { 'data.userId': [['custom', 'x']] } }],
    ['a kind within a kind', { values: { 'data.userId': ['Date', { 0: ['Date'] }] } }],
  ])('an input with %s beside it is refused', async (_what, meta) => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const input = { json: { data: { userId: 'ann' } }, meta };
    connection.send({ ...call, params: { path: params.path, input } });
    expect(kindOf(await connection.answer(1))).toBe('VALIDATION');
    connection.send({ ...call, params: { path: params.path, input: { json: input.json } } });
    expect(kindOf(await connection.answer(1))).toBe('data');
  });

  test('a Date and undefined in an input are what they were', async () => {
    await using parley = await startWithAnn(socket);
    const { connection, server } = parley;
    await using service = await Connection.as(server.url, backend);
    const chatId = await createChat(connection);
    const created = new Date('2025-12-24T18:00:00.123Z');
    const entry = { sender: 'Ann', message: 'Before', created, id: undefined };
    const data = { chatId, history: [entry], batch: undefined };
    const imported = await service.sendEvent('history:import', data);
    expect(valueIn(imported)).toMatchObject({ imported: 1, errors: [] });
    const fetched = await connection.sendEvent('chats:get', { chatId, fields: 'history' });
    expect(valueIn(fetched)).toMatchObject({ chat: { history: [{ created }] } });
  });

  test('text of every kind comes back as it was', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const chatId = await createChat(connection);
    const texts = [
      'Grüße 💬 你好',
      '\u2028\u2029\u0000\u001f',
      '"\\/\b\f\n\r\t',
      'a\ud800b',
      '\ufeff',
    ];
    for (const message of texts) {
      const answer = await connection.sendEvent('messages:send', { chatId, message });
      expect(valueIn(answer)).toMatchObject({ message: { message } });
    }
  });

  test('much is taken in one frame, and more given back', async () => {
    await using parley = await startWithAnn(socket);
    const { connection } = parley;
    const chatId = await createChat(connection);
    const message = 'ä'.repeat(8192);
    for (let count = 0; count < 20; count += 1) {
      const answer = await connection.sendEvent('messages:send', { chatId, message });
      expect(kindOf(answer)).toBe('data');
    }
    const fetched = await connection.sendEvent('chats:get', { chatId, fields: 'history' });
    expect(JSON.stringify(fetched).length).toBeGreaterThan(160_000);
    expect(valueIn(fetched)).toMatchObject({
      chat: { history: Array.from({ length: 20 }, () => ({ message })) },
    });
  });

  test('a frame of more than 64 KiB closes the connection with 1009, and no other', async () => {
    await using parley = await startWithAnn(socket);
    const { connection, server } = parley;
    await using other = await Connection.as(server.url, ann);
    connection.sendText(`"${'x'.repeat(65_534)}"`);
    expect(kindOf(await connection.answer(null))).toBe('VALIDATION');
    connection.sendText(`"${'x'.repeat(65_535)}"`);
    expect(await connection.closed).toBe(1009);
    expect(kindOf(await other.sendEvent('users:chats', {}))).toBe('data');
  });
});

/** An input that says that there is a Date at a path. */
function dated(path: string) {
  return {
    json: { data: { userId: '2026-01-01T10:00:00.000Z' } },
    meta: { values: { [path]: ['Date'] } },
  };
}
