import { signToken } from '@parley/server';
import { describe, expect, test } from 'vitest';

import { secret, startServer } from '../harness.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';
import { kindOf } from './answer.ts';
import { Connection, request } from './connection.ts';
import { ann } from './desk.ts';
import { sockets } from './sockets.ts';

const asking = request(1, 'mutation', 'send.users:chats', { data: {} });

describe.each(sockets)('connecting to the socket of %s', (socket) => {
  /** A server, a token that it accepts, and a connection that has said nothing so far. */
  async function start(query = '?connectionParams=1') {
    await using opened = new AsyncDisposableStack();
    const { url } = opened.use(await startServer({ socket }));
    const connection = opened.use(await Connection.open(url + query));
    const token = await signToken({ ...ann, secret });
    const kept = opened.move();
    return { url, connection, token, [Symbol.asyncDispose]: () => kept.disposeAsync() };
  }

  test('the first message says who it is, and what comes after it waits for that', async () => {
    await using parley = await start();
    const { connection, token } = parley;
    connection.send({ method: 'connectionParams', data: { token } });
    connection.send(asking);
    connection.send([{ ...asking, id: 2 }]);
    expect(kindOf(await connection.answer(1))).toBe('data');
    expect(kindOf(await connection.answer(2))).toBe('data');
    expect(connection.frames).toHaveLength(2);
  });

  test.each([
    ['other parameters', (token: string) => ({ data: { token, language: 'de' } })],
    ['another method', (token: string) => ({ method: 'hello', data: { token } })],
    ['an id', (token: string) => ({ id: 1, jsonrpc: '2.0', data: { token } })],
  ])('%s beside the token change nothing', async (_what, message) => {
    await using parley = await start();
    const { connection, token } = parley;
    connection.send(message(token));
    connection.send(asking);
    expect(kindOf(await connection.answer(1))).toBe('data');
    expect(connection.frames).toHaveLength(1);
  });

  test('a ping before it is answered, and is not taken for it', async () => {
    await using parley = await start();
    const { connection, token } = parley;
    connection.sendText('PING');
    connection.sendText('PONG');
    await connection.heard('PONG');
    connection.send({ method: 'connectionParams', data: { token } });
    connection.send(asking);
    expect(kindOf(await connection.answer(1))).toBe('data');
  });

  test.each([
    ['no token', { data: {} }],
    ['null', { data: null }],
    ['an empty token', { data: { token: '' } }],
    ['a token that is none', { data: { token: 'let.me.in' } }],
    ['a token under another name', { data: { Token: 'let.me.in' } }],
  ])('with %s every call is refused, and every subscription', async (_what, message) => {
    await using parley = await start();
    const { connection } = parley;
    connection.send({ method: 'connectionParams', ...message });
    connection.send(asking);
    connection.send(request(2, 'subscription', 'listen.messages:new', {}));
    connection.send(request(3, 'mutation', 'send.nothing', {}));
    expect(kindOf(await connection.answer(1))).toBe('UNAUTHORIZED');
    expect(kindOf(await connection.answer(2))).toBe('UNAUTHORIZED');
    expect(kindOf(await connection.answer(3))).toBe('NOT_FOUND');
    expect(connection.frames).toHaveLength(3);
  });

  test.each([
    ['no JSON', '{'],
    ['an empty text', ''],
    ['a number', '1'],
    ['null', 'null'],
    ['an array', '[]'],
    ['an object without data', '{"method":"connectionParams"}'],
    ['an array as data', '{"data":[]}'],
    ['a text as data', '{"data":"token"}'],
    ['a token that is no text', '{"data":{"token":1}}'],
    ['another parameter that is no text', '{"data":{"token":"","more":null}}'],
    ['a call', JSON.stringify(asking)],
    ['a batch of calls', JSON.stringify([asking])],
  ])('%s as first message is refused, and the connection closed', async (_what, text) => {
    await using parley = await start();
    const { connection } = parley;
    connection.sendText(text);
    expect(kindOf(await connection.answer(null))).toBe('VALIDATION');
    expect(await connection.closed).toBe(socket === 'parley' ? 4401 : 1005);
    expect(connection.frames).toHaveLength(1);
  });

  test('a binary first message is refused, and the connection closed', async () => {
    await using parley = await start();
    const { connection, token } = parley;
    connection.sendBinary(JSON.stringify({ data: { token } }));
    expect(kindOf(await connection.answer(null))).toBe('VALIDATION');
    await connection.closed;
  });

  test('said twice, the second is no call', async () => {
    await using parley = await start();
    const { connection, token } = parley;
    connection.send({ method: 'connectionParams', data: { token } });
    connection.send({ method: 'connectionParams', data: { token: 'another' } });
    expect(kindOf(await connection.answer(null))).toBe('VALIDATION');
    connection.send(asking);
    expect(kindOf(await connection.answer(1))).toBe('data');
  });

  test.each(['', '?connectionParams=0', '?connectionParams=true', '?connectionParams', '?token=1'])(
    'at an address with the query %j nobody is asked who it is',
    async (query) => {
      await using parley = await start(query);
      const { connection, token } = parley;
      connection.send(asking);
      expect(kindOf(await connection.answer(1))).toBe('UNAUTHORIZED');
      connection.send({ method: 'connectionParams', data: { token } });
      expect(kindOf(await connection.answer(null))).toBe('VALIDATION');
      connection.send(asking);
      expect(kindOf(await connection.answer(1))).toBe('UNAUTHORIZED');
    },
  );

  test('more in the query changes nothing', async () => {
    await using parley = await start('?language=de&connectionParams=1');
    const { connection, token } = parley;
    connection.send({ method: 'connectionParams', data: { token } });
    connection.send(asking);
    expect(kindOf(await connection.answer(1))).toBe('data');
  });

  test.each([
    ['that says nothing', '?connectionParams=1', undefined],
    ['without a good token', '?connectionParams=1', { data: { token: 'let.me.in' } }],
    ['that is not asked', '', undefined],
  ])('a connection %s is closed with 4401 after 5 seconds', async (_what, query, message) => {
    const environment = createVirtualEnvironment();
    await using server = await startServer({ socket, environment });
    await using connection = await Connection.open(server.url + query);
    if (message) connection.send(message);
    connection.sendText('PING');
    await connection.heard('PONG');
    await environment.advance(4999);
    connection.sendText('PING');
    await connection.heard('PONG', 2);
    await environment.advance(1);
    expect(await connection.closed).toBe(4401);
  });

  test('a connection is closed with 4401 when its token has ended 25 seconds ago', async () => {
    const environment = createVirtualEnvironment();
    await using server = await startServer({ socket, environment });
    await using connection = await Connection.open(`${server.url}?connectionParams=1`);
    const token = await signToken({ ...ann, secret, now: environment.now(), ttl: 60 });
    connection.send({ method: 'connectionParams', data: { token } });
    connection.send(asking);
    await connection.answer(1);
    for (const seconds of [20, 20, 20, 20, 4]) {
      await environment.advance(seconds * 1000);
      connection.send(asking);
      expect(kindOf(await connection.answer(1))).toBe('data');
    }
    await environment.advance(1000);
    expect(await connection.closed).toBe(4401);
  });
});
