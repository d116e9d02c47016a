import { once } from 'node:events';

import { signToken } from '@parley/server';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { type Identity, refusalCode, secret, startServer, openClient } from '../harness.ts';
import { sockets } from '../conformance/sockets.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';

const ann: Identity = { sub: 'ann', role: 'customer', name: 'Ann' };
const hello = { path: 'send.users:chats', input: { json: { data: {} } } };

describe.each(sockets)('over the %s socket', (socket) => {
  /** Ann's connection, whose token is good for a minute, on a clock of the test's. */
  async function annForAMinute() {
    const environment = createVirtualEnvironment();
    const opened = new AsyncDisposableStack();
    const server = opened.use(await startServer({ environment, socket }));
    const sign = (identity: Identity, ttl: number) =>
      signToken({ ...identity, secret, now: environment.now(), ttl });
    const client = openClient(server.url, { token: await sign(ann, 60) });
    opened.defer(() => client.close());
    const refresh = (token: string) =>
      client.trpc.send['session:refresh'].mutate({ data: { token } });
    const sayHello = () => client.trpc.send['users:chats'].mutate({ data: {} });
    await sayHello();
    return {
      environment,
      sign,
      refresh,
      sayHello,
      server,
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  }

  test('a connection goes on until its newer token ends, and 25 seconds more', async () => {
    await using desk = await annForAMinute();
    const { environment, sign, refresh, sayHello } = desk;
    await environment.advance(50_000);
    const { expiresAt } = await refresh(await sign(ann, 600));
    expect(expiresAt).toEqual(new Date(environment.now() + 600_000));
    await environment.advance(620_000);
    expect(await sayHello()).toEqual({ chats: [] });
  });

  test('a token that ends earlier than the one before shortens nothing', async () => {
    await using desk = await annForAMinute();
    const { environment, sign, refresh } = desk;
    const { expiresAt } = await refresh(await sign(ann, 10));
    expect(expiresAt).toEqual(new Date(environment.now() + 60_000));
  });

  test("another user's token, one in another role and one that is none change nothing", async () => {
    await using desk = await annForAMinute();
    const { sign, refresh, sayHello } = desk;
    const bob = await sign({ ...ann, sub: 'bob' }, 600);
    const supervisor = await sign({ ...ann, role: 'supervisor' }, 600);
    expect(await refusalCode(refresh(bob))).toBe('FORBIDDEN');
    expect(await refusalCode(refresh(supervisor))).toBe('FORBIDDEN');
    expect(await refusalCode(refresh('no token'))).toBe('UNAUTHORIZED');
    expect(await sayHello()).toEqual({ chats: [] });
  });

  test('without a newer token the connection is closed 25 seconds after its token has ended', async () => {
    await using desk = await annForAMinute();
    const { environment, sign, server } = desk;
    const other = new WebSocket(`${server.url}?connectionParams=1`);
    await once(other, 'open');
    other.send(JSON.stringify({ data: { token: await sign(ann, 60) } }));
    other.send(JSON.stringify({ id: 1, method: 'mutation', params: hello }));
    await once(other, 'message');
    const closed = once(other, 'close');
    // Whoever says nothing would be taken for dead before.
    for (let second = 0; second < 84; second += 21) {
      await environment.advance(21_000);
      const answered = once(other, 'message');
      other.send(JSON.stringify({ id: second, method: 'mutation', params: hello }));
      await answered;
    }
    expect(other.readyState).toBe(other.OPEN);
    await environment.advance(2000);
    expect((await closed)[0]).toBe(4401);
  });
});
