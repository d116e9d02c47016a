import { defineEvent } from '@parley/contract';
import { defineHandler } from '@parley/server';
import superjson from 'superjson';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { startServer } from '../harness.ts';
import { kindOf, valueIn } from './answer.ts';
import { Connection, request } from './connection.ts';
import { backend, dan, startDesk } from './desk.ts';
import { messages, positionIn, stop, textIn } from './listening.ts';
import { sockets } from './sockets.ts';

describe.each(sockets)('subscriptions over the socket of %s', (socket) => {
  test('one begins with started, goes on with data, and ends with stopped when it is stopped', async () => {
    await using desk = await startDesk(socket);
    const { chatId } = desk;
    const started = await desk.ann.call('subscription', messages, {}, 1);
    expect(started).toEqual({ id: 1, jsonrpc: '2.0', result: { type: 'started' } });
    await desk.write('Hello');
    const answer = await desk.ann.answer(1);
    const position = positionIn(answer);
    expect(answer).toEqual({
      id: 1,
      jsonrpc: '2.0',
      result: {
        type: 'data',
        id: position,
        data: {
          json: {
            id: position,
            data: {
              name: 'messages:new',
              position: Number(position),
              seq: 2,
              chatId,
              at: expect.any(String),
              by: { id: 'backend', role: 'service' },
              data: {
                message: {
                  id: `${chatId}.2`,
                  chatId,
                  seq: 2,
                  sender: { id: 'backend', role: 'service' },
                  type: 'text',
                  message: 'Hello',
                  visibility: 'all',
                  created: expect.any(String),
                },
              },
            },
          },
          meta: { values: { 'data.at': ['Date'], 'data.data.message.created': ['Date'] }, v: 1 },
        },
      },
    });
    desk.ann.send(stop(1));
    const stopped = await desk.ann.answer(1);
    expect(stopped).toEqual({ id: 1, jsonrpc: '2.0', result: { type: 'stopped' } });
    await desk.write('Nobody hears this');
    await desk.ann.caughtUp();
    expect(desk.ann.untaken).toEqual([]);
  });

  test('an ephemeral occurrence comes without an id', async () => {
    await using desk = await startDesk(socket);
    const { chatId } = desk;
    await desk.ann.call('subscription', 'listen.users:activity', {}, 'a');
    await desk.ann.sendEvent('users:activity', { chatId, type: 'writing' });
    expect(await desk.ann.answer('a')).toEqual({
      id: 'a',
      jsonrpc: '2.0',
      result: {
        type: 'data',
        data: {
          json: {
            name: 'users:activity',
            chatId,
            at: expect.any(String),
            by: { id: 'ann', role: 'customer' },
            data: { chatId, userId: 'ann', type: 'writing' },
          },
          meta: { values: { at: ['Date'] }, v: 1 },
        },
      },
    });
  });

  test('only the sender is told the key of what it caused', async () => {
    await using desk = await startDesk(socket);
    await desk.ann.call('subscription', messages, {}, 1);
    await desk.backend.call('subscription', messages, {}, 1);
    const data = { chatId: desk.chatId, message: 'Hello' };
    await desk.ann.call('mutation', 'send.messages:send', { data, key: 'my key' });
    expect(valueIn(await desk.ann.answer(1))).toHaveProperty('data.cause', 'my key');
    expect(valueIn(await desk.backend.answer(1))).not.toHaveProperty('data.cause');
  });

  test.each([1, 0, -7, 1.5, 1e21, '1', '', 'Ünï 💬 \u2028', '"\\\n', '__proto__'])(
    'the id %j comes back with everything',
    async (id) => {
      await using desk = await startDesk(socket);
      await desk.ann.call('subscription', messages, {}, id);
      await desk.write('Hello');
      expect(textIn(await desk.ann.answer(id))).toBe('Hello');
      desk.ann.send(stop(id));
      expect(kindOf(await desk.ann.answer(id))).toBe('stopped');
    },
  );

  test('jsonrpc comes back with everything when it was there, and only then', async () => {
    await using desk = await startDesk(socket);
    const { jsonrpc: _, ...bare } = request(1, 'subscription', messages, {});
    desk.ann.send(bare);
    desk.ann.send({ ...bare, id: 2, jsonrpc: '2.0' });
    await desk.ann.answer(1);
    await desk.ann.answer(2);
    await desk.write('Hello');
    // The word of the stop does not count.
    desk.ann.send(stop(1));
    desk.ann.send({ id: 2, method: 'subscription.stop' });
    const [one, two] = [await desk.ann.answers(1, 2), await desk.ann.answers(2, 2)];
    expect(one.map((answer) => 'jsonrpc' in answer)).toEqual([false, false]);
    expect(two.map((answer) => 'jsonrpc' in answer)).toEqual([true, true]);
  });

  test('a stop of what does not run is passed over', async () => {
    await using desk = await startDesk(socket);
    desk.ann.send(stop('unknown'));
    await desk.ann.call('subscription', messages, {}, 1);
    desk.ann.send(stop(1));
    desk.ann.send(stop(1));
    expect(kindOf(await desk.ann.answer(1))).toBe('stopped');
    desk.ann.send(stop(1));
    desk.ann.send(stop('1'));
    await desk.ann.caughtUp();
    expect(desk.ann.untaken).toEqual([]);
  });

  test('a stop without an id, or with null as id, is refused', async () => {
    await using desk = await startDesk(socket);
    desk.ann.send({ method: 'subscription.stop' });
    desk.ann.send({ id: null, method: 'subscription.stop' });
    const answers = await desk.ann.answers(null, 2);
    expect(answers.map(kindOf)).toEqual(['VALIDATION', 'VALIDATION']);
  });

  test('a stop and its subscription may come in one moment, together or one after the other', async () => {
    await using desk = await startDesk(socket);
    desk.ann.send(request(1, 'subscription', messages, { lastEventId: '0' }));
    desk.ann.send(stop(1));
    desk.ann.send([request(2, 'subscription', messages, {}), stop(2)]);
    for (const id of [1, 2]) {
      let answer = await desk.ann.answer(id);
      if (kindOf(answer) === 'started') answer = await desk.ann.answer(id);
      expect(kindOf(answer)).toBe('stopped');
    }
    await desk.write('Nobody hears this');
    await desk.ann.caughtUp();
    expect(desk.ann.untaken).toEqual([]);
  });

  test('a second subscription with an id in use is refused, whatever it asks for, and the first goes on', async () => {
    await using desk = await startDesk(socket);
    await desk.ann.call('subscription', messages, {}, 1);
    for (const path of ['listen.chats:join', messages, 'listen.nothing', 'send.users:chats']) {
      const refused = await desk.ann.call('subscription', path, {}, 1);
      expect([path, kindOf(refused)]).toEqual([path, 'VALIDATION']);
    }
    await desk.write('Hello');
    expect(textIn(await desk.ann.answer(1))).toBe('Hello');
    expect(kindOf(await desk.ann.call('subscription', messages, {}, '1'))).toBe('started');
  });

  test('an id is free again after stopped', async () => {
    await using desk = await startDesk(socket);
    for (const text of ['One', 'Two']) {
      expect(kindOf(await desk.ann.call('subscription', messages, {}, 1))).toBe('started');
      await desk.write(text);
      expect(textIn(await desk.ann.answer(1))).toBe(text);
      desk.ann.send(stop(1));
      expect(kindOf(await desk.ann.answer(1))).toBe('stopped');
    }
  });

  test('an id is free again after a refusal', async () => {
    await using desk = await startDesk(socket);
    const refused = await desk.ann.call('subscription', messages, { lastEventId: 'none' }, 1);
    expect(kindOf(refused)).toBe('VALIDATION');
    expect(kindOf(await desk.ann.call('subscription', messages, {}, 1))).toBe('started');
  });

  test('a call may have the id of a subscription', async () => {
    await using desk = await startDesk(socket);
    await desk.ann.call('subscription', messages, {}, 1);
    expect(kindOf(await desk.ann.sendEvent('users:chats', {}, 1))).toBe('data');
    expect(kindOf(await desk.ann.sendEvent('users:chats', { wrong: 1 }, 1))).toBe('VALIDATION');
    await desk.write('Hello');
    expect(textIn(await desk.ann.answer(1))).toBe('Hello');
  });

  test('without a session it never starts', async () => {
    await using server = await startServer({ socket });
    await using nobody = await Connection.open(server.url);
    expect(kindOf(await nobody.call('subscription', messages, {}, 1))).toBe('UNAUTHORIZED');
    expect(nobody.frames).toHaveLength(1);
  });

  test('who may not see a chat hears nothing of it, and is told nothing', async () => {
    await using desk = await startDesk(socket);
    await using other = await Connection.as(desk.url, dan);
    const input = { chatId: desk.chatId, lastEventId: '0' };
    expect(kindOf(await other.call('subscription', messages, input, 1))).toBe('started');
    await desk.write('Hello');
    await other.caughtUp();
    expect(other.untaken).toEqual([]);
  });

  test('several at once hear what is theirs, each in order', async () => {
    await using desk = await startDesk(socket);
    const { chatId } = desk;
    const paths = [messages, messages, 'listen.messages:read', 'listen.users:activity'];
    desk.ann.send(paths.map((path, index) => request(index, 'subscription', path, {})));
    for (const id of [0, 1, 2, 3]) expect(kindOf(await desk.ann.answer(id))).toBe('started');
    await desk.write('One');
    await desk.write('Two');
    await desk.ann.sendEvent('messages:read', { messageId: `${chatId}.3` });
    await desk.backend.sendEvent('users:activity', { chatId, userId: 'ann', type: 'writing' });
    for (const id of [0, 1]) {
      expect((await desk.ann.answers(id, 2)).map(textIn)).toEqual(['One', 'Two']);
    }
    expect(valueIn(await desk.ann.answer(2))).toMatchObject({ data: { name: 'messages:read' } });
    expect(valueIn(await desk.ann.answer(3))).toMatchObject({ name: 'users:activity' });
    desk.ann.send([stop(0), stop(2)]);
    expect(kindOf(await desk.ann.answer(0))).toBe('stopped');
    expect(kindOf(await desk.ann.answer(2))).toBe('stopped');
    await desk.write('Three');
    expect(textIn(await desk.ann.answer(1))).toBe('Three');
    await desk.ann.caughtUp();
    expect(desk.ann.untaken).toEqual([]);
  });

  test('a batch may mix subscriptions, calls and stops', async () => {
    await using desk = await startDesk(socket);
    await desk.ann.call('subscription', messages, {}, 'old');
    desk.ann.send([
      request('new', 'subscription', messages, {}),
      request('call', 'mutation', 'send.users:chats', { data: {} }),
      stop('old'),
      request('wrong', 'subscription', 'listen.nothing', {}),
      request('bad', 'subscription', messages, { more: 1 }),
    ]);
    const ids = ['new', 'call', 'old', 'wrong', 'bad'];
    const answers = await Promise.all(ids.map((id) => desk.ann.answer(id)));
    expect(answers.map(kindOf)).toEqual(['started', 'data', 'stopped', 'NOT_FOUND', 'VALIDATION']);
    await desk.write('Hello');
    expect(textIn(await desk.ann.answer('new'))).toBe('Hello');
  });

  test('what is sent right behind a subscription, in the same frame, is heard', async () => {
    await using desk = await startDesk(socket);
    const { ann, chatId } = desk;
    ann.send([
      request('listen', 'subscription', messages, {}),
      request('send', 'mutation', 'send.messages:send', { data: { chatId, message: 'At once' } }),
    ]);
    expect(kindOf(await ann.answer('listen'))).toBe('started');
    expect(textIn(await ann.answer('listen'))).toBe('At once');
  });

  test('what cannot be written ends that subscription with an error and no other', async () => {
    const odd = defineEvent('tests:odd', {
      summary: 'Publishes what superjson refuses to write.',
      send: {
        by: ['service'],
        effect: 'ephemeral',
        data: z.strictObject({ chatId: z.string(), fits: z.boolean() }),
        reply: z.strictObject({}),
        errors: [],
        example: { chatId: 'c_1', fits: true },
      },
      listen: {
        audience: ['chat'],
        durable: false,
        data: z.record(z.string(), z.number()),
        example: {},
      },
    });
    const handler = defineHandler(odd, async ({ data: { chatId, fits }, publish }) => {
      await publish(odd, fits ? { one: 1 } : { ['constructor']: 1 }, { chat: chatId }, { chatId });
      return {};
    });
    const told: string[] = [];
    await using desk = await startDesk(socket, {
      events: [odd],
      handlers: [handler],
      onRefused: ({ refusal }) => told.push(refusal.code),
    });
    const { chatId } = desk;
    await desk.ann.call('subscription', 'listen.tests:odd', {}, 'odd');
    await desk.ann.call('subscription', messages, {}, 'messages');
    await desk.backend.sendEvent('tests:odd', { chatId, fits: true });
    expect(kindOf(await desk.ann.answer('odd'))).toBe('data');
    await desk.backend.sendEvent('tests:odd', { chatId, fits: false });
    expect(kindOf(await desk.ann.answer('odd'))).toBe('INTERNAL');
    expect(told).toEqual(['INTERNAL']);
    expect(kindOf(await desk.ann.answer('odd'))).toBe('stopped');
    await desk.backend.sendEvent('tests:odd', { chatId, fits: true });
    await desk.write('Hello');
    expect(textIn(await desk.ann.answer('messages'))).toBe('Hello');
    await desk.ann.caughtUp();
    expect(desk.ann.untaken).toEqual([]);
    expect(kindOf(await desk.ann.call('subscription', messages, {}, 'odd'))).toBe('started');
  });

  test('two users hear the same in the same order, whatever the order of their subscriptions', async () => {
    await using desk = await startDesk(socket);
    await desk.backend.call('subscription', messages, { lastEventId: '0' }, 'b');
    await desk.ann.call('subscription', messages, { lastEventId: '0' }, 'a');
    const write = (connection: Connection, message: string) =>
      connection.sendEvent('messages:send', { chatId: desk.chatId, message }, message);
    await Promise.all(
      Array.from({ length: 15 }, (_, index) => [
        write(desk.ann, `Ann ${index}`),
        write(desk.backend, `Back end ${index}`),
      ]).flat(),
    );
    const heard = [await desk.ann.answers('a', 30), await desk.backend.answers('b', 30)];
    const [annHeard, backendHeard] = heard.map((answers) => answers.map(textIn));
    expect(annHeard).toEqual(backendHeard);
    expect(new Set(annHeard).size).toBe(30);
    expect(annHeard?.filter((text) => text.startsWith('Ann'))).toEqual(
      Array.from({ length: 15 }, (_, index) => `Ann ${index}`),
    );
  });

  test('the data of every frame is what superjson writes', async () => {
    await using desk = await startDesk(socket);
    await desk.ann.call('subscription', 'listen.chats:close', {}, 1);
    const extraData = { 'a.b': 'dots', 'back\\slash': [1, null, { deep: true }], 'ü"\n': '💬' };
    await desk.ann.sendEvent('chats:close', { chatId: desk.chatId, extraData });
    const answer = await desk.ann.answer(1);
    if (!('result' in answer) || answer.result.type !== 'data') throw new Error('No data came.');
    expect(answer.result.data).toEqual(superjson.serialize(valueIn(answer)));
    expect(valueIn(answer)).toMatchObject({ data: { at: expect.any(Date), data: { extraData } } });
  });

  test('a server that stops closes with 1001', async () => {
    const server = await startServer({ socket });
    await using connection = await Connection.as(server.url, backend);
    await connection.call('subscription', messages, {}, 1);
    await server[Symbol.asyncDispose]();
    expect(await connection.closed).toBe(1001);
  });
});
