import { connectionLink, openConnection } from '@parley/client/trpc';
import type { EventRouter } from '@parley/contract';
import { createTRPCClient, TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';

import { impatient, start, type Started } from './start.ts';

/** tRPC's own client over a connection of ours, which can be cut. */
function open(parley: Started) {
  const { url } = parley.proxy;
  const connection = openConnection({ url, token: () => parley.token(), ...impatient });
  const trpc = createTRPCClient<EventRouter>({ links: [connectionLink(connection)] });
  return { trpc, connection, [Symbol.dispose]: () => connection.close() };
}

const data = { room: 'sales', source: 'web' };

describe("tRPC's client over our connection", () => {
  it('sends, and gets the reply with its dates', async () => {
    await using parley = await start();
    using client = open(parley);
    const { chat } = await client.trpc.send['chats:create'].mutate({ data });
    expect(chat).toMatchObject({ room: 'sales', customerId: 'ann' });
    expect(chat.createdAt).toBeInstanceOf(Date);
  });

  it("rejects with tRPC's error in the shape of the wire", async () => {
    await using parley = await start();
    using client = open(parley);
    const sent = client.trpc.send['chats:create'].mutate({ data: { ...data, room: '' } });
    const error = await sent.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(error).toMatchObject({ data: { code: 'VALIDATION', retryable: false } });
  });

  it('rejects what is aborted, what cannot be written, and what is sent when it is closed', async () => {
    await using parley = await start();
    using client = open(parley);
    const send = client.trpc.send['chats:create'].mutate;
    await expect(send({ data }, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
    const broken = { ...data, source: JSON.parse('{ "constructor": 1 }') };
    await expect(send({ data: broken })).rejects.toThrow(TRPCClientError);
    const controller = new AbortController();
    const aborted = expect(send({ data }, { signal: controller.signal })).rejects.toThrow('abort');
    controller.abort();
    await aborted;
    client.connection.close();
    await expect(send({ data })).rejects.toThrow(TRPCClientError);
  });

  it('hears, goes on where it was after a lost connection, and hears no more once it stops', async () => {
    await using parley = await start();
    using client = open(parley);
    await using writing = parley.connect();
    const { chat } = await writing.send('chats:create', data);
    const write = (message: string) => writing.send('messages:send', { chatId: chat.id, message });
    const heard: unknown[] = [];
    const { unsubscribe } = await new Promise<{ unsubscribe(): void }>((resolve, reject) => {
      const subscription = client.trpc.listen['messages:new'].subscribe(
        { chatId: chat.id },
        {
          onStarted: () => resolve(subscription),
          onData: (item) => heard.push(item.data.data.message.message),
          onError: reject,
        },
      );
    });
    await write('one');
    await expect.poll(() => heard).toEqual(['one']);
    parley.proxy.cut();
    await write('two');
    parley.proxy.mend();
    await write('three');
    await expect.poll(() => heard).toEqual(['one', 'two', 'three']);
    unsubscribe();
    await write('four');
    await client.trpc.send['users:chats'].mutate({ data: {} });
    expect(heard).toEqual(['one', 'two', 'three']);
  });
});
