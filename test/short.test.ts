import { signToken } from '@parley/server';
import superjson, { type SuperJSONResult } from 'superjson';
import { expect, test } from 'vitest';

import { type Answer, valueIn } from './conformance/answer.ts';
import { Connection } from './conformance/connection.ts';
import { secret, startServer } from './harness.ts';

/** A connection of ann's with these parameters, which hears messages from the beginning on. */
async function open(url: string, parameters: Record<string, string>): Promise<Connection> {
  const connection = await Connection.open(`${url}?connectionParams=1`);
  const token = await signToken({ secret, sub: 'ann', role: 'customer' });
  connection.send({ method: 'connectionParams', data: { token, ...parameters } });
  const params = { path: 'listen.messages:new', input: { json: { lastEventId: '0' } } };
  connection.send({ id: 'heard', method: 'subscription', params });
  await connection.answer('heard');
  return connection;
}

/** What a short answer stands for, as superjson understands it. */
function meantBy(answer: Answer): unknown {
  if (!('data' in answer)) throw new Error(`This is not short: ${JSON.stringify(answer)}`);
  const { data, dates } = answer;
  const json = data as SuperJSONResult['json'];
  const paths = dates === undefined ? [] : dates.split(' ');
  const values = Object.fromEntries(paths.map((path) => [path, ['Date'] as ['Date']]));
  return superjson.deserialize({ json, meta: { values, v: 1 } });
}

test('short answers say what the usual ones say', async () => {
  await using opened = new AsyncDisposableStack();
  const { url } = opened.use(await startServer());
  const usual = opened.use(await open(url, {}));
  const short = opened.use(await open(url, { short: '1' }));

  const created = meantBy(await short.sendEvent('chats:create', { room: 'sales', source: 'web' }));
  const { id: chatId, createdAt } = Object(created).chat;
  expect(createdAt).toBeInstanceOf(Date);
  await short.sendEvent('messages:send', { chatId, message: 'Hello' });
  await usual.sendEvent('messages:send', { chatId, message: 'Is anybody there?' });

  const usuallyHeard = await usual.answers('heard', 2);
  const occurrences = usuallyHeard.map((each) => Object(valueIn(each)).data);
  expect(occurrences.map(({ data }) => data.message.message)).toEqual([
    'Hello',
    'Is anybody there?',
  ]);
  expect((await short.answers('heard', 2)).map(meantBy)).toEqual(occurrences);

  for (const [event, data] of [
    ['chats:get', { chatId, fields: 'users,watchers,history' }],
    ['users:chats', {}],
    ['users:activity', { chatId, type: 'writing' }],
  ] as const) {
    expect(meantBy(await short.sendEvent(event, data))).toEqual(
      valueIn(await usual.sendEvent(event, data)),
    );
  }
});

test('a refusal is said the usual way', async () => {
  await using opened = new AsyncDisposableStack();
  const { url } = opened.use(await startServer());
  const short = opened.use(await open(url, { short: '1' }));
  expect(await short.sendEvent('chats:destroy', {})).toHaveProperty('error');
});
