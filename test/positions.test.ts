import { signToken } from '@parley/server';
import { expect, test } from 'vitest';

import { Connection } from './conformance/connection.ts';
import { secret, startServer } from './harness.ts';
import { createVirtualEnvironment } from './virtual-environment.ts';

/** The extension of tRPC's protocol that a client asks for by the parameter `positions`. */
async function listen({ positions }: { positions: boolean }) {
  await using opened = new AsyncDisposableStack();
  const environment = createVirtualEnvironment();
  const server = opened.use(await startServer({ environment }));
  const ann = opened.use(await server.connect({ sub: 'ann', role: 'customer' }));
  const { chat } = await ann.send('chats:create', { room: 'sales', source: 'web' });
  const write = () => ann.send('messages:send', { chatId: chat.id, message: 'Hello' });

  const token = await signToken({ secret, sub: 'ann', role: 'customer', now: environment.now() });
  const connection = opened.use(await Connection.open(`${server.url}?connectionParams=1`));
  const parameters = { token, ...(positions && { positions: '1' }) };
  connection.send({ method: 'connectionParams', data: parameters });
  for (const [id, path] of ['listen.messages:new', 'listen.users:activity'].entries()) {
    connection.send({ id, method: 'subscription', params: { path, input: { json: {} } } });
  }
  const started = () => [0, 1].map((id) => startOf(connection, id));
  await expect.poll(started).not.toContain(undefined);
  const kept = opened.move();
  return {
    started: started(),
    write,
    connection,
    environment,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** What the server has said at the start of a subscription. */
const startOf = ({ frames }: Connection, id: number): unknown =>
  frames
    .map((frame) => JSON.parse(frame))
    .find((frame) => frame.id === id && frame.result.type === 'started')?.result;

/** What was told of positions, in order. */
const told = ({ frames }: Connection): unknown[] =>
  frames
    .filter((frame) => frame.includes('"method":"positions"'))
    .map((frame) => JSON.parse(frame).params);

test('who asks for it is told where a subscription begins, and every 8 seconds how far it has come', async () => {
  await using listening = await listen({ positions: true });
  const { started, write, connection, environment } = listening;
  const [durable, ephemeral] = started;
  expect(durable).toEqual({
    type: 'started',
    position: expect.stringMatching(/^[1-9]\d*@epoch_\w+$/),
  });
  expect(ephemeral).toEqual({ type: 'started' });
  const from = Number.parseInt(Object(durable).position, 10);

  await environment.advance(8000);
  await expect.poll(() => told(connection)).toEqual([[[0, String(from), String(from)]]]);
  await write();
  await environment.advance(8000);
  const now = String(from + 1);
  await expect.poll(() => told(connection).at(-1)).toEqual([[0, now, now]]);
});

test('who does not ask for it hears what tRPC would say, and no more', async () => {
  await using listening = await listen({ positions: false });
  const { started, connection, environment } = listening;
  expect(started).toEqual([{ type: 'started' }, { type: 'started' }]);
  await environment.advance(24_000);
  expect(told(connection)).toEqual([]);
});
