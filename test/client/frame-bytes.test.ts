import { connectionLink, openConnection } from '@parley/client/trpc';
import type { EventRouter } from '@parley/contract';
import { createTRPCClient } from '@trpc/client';
import { describe, expect, it } from 'vitest';

import { codeOf } from './answers.ts';
import { startDesk } from './chats-desk.ts';
import { startPeer } from './peer.ts';
import { recordingWebSocket } from './recording-web-socket.ts';
import { impatient, start } from './start.ts';

const limits = { frameBytes: 4096 };
const sale = { room: 'sales', source: 'web' };

/** A message that takes so many bytes, to a chat that may not be there. */
const message = (bytes: number, chatId = 'c_9') => ({ chatId, message: 'x'.repeat(bytes) });

/** Connected to a server that takes less in a frame than the client supposes; each send needs a key. */
async function startSmall() {
  const parley = await start({ limits });
  const recording = recordingWebSocket();
  const events = parley.connect({ WebSocket: recording.WebSocket, ...impatient });
  return {
    ...recording,
    parley,
    events,
    [Symbol.asyncDispose]: () => parley[Symbol.asyncDispose](),
  };
}

describe('on a server that takes smaller frames than usual', () => {
  it('a send that is too large fails, is made once, and the others arrive', async () => {
    await using small = await startSmall();
    const { events, sockets, count } = small;
    const { chat } = await events.send('chats:create', sale, { key: 'create' });
    const codes = await Promise.all([
      codeOf(events.send('users:chats', {}, { key: 'before' })),
      codeOf(events.send('messages:send', message(5000, chat.id), { key: 'large' })),
      codeOf(events.send('messages:send', message(10, chat.id), { key: 'next' })),
    ]);
    expect(codes).toEqual(['resolved', 'TOO_LARGE', 'resolved']);
    expect(sockets.length).toBe(2);

    const again = await codeOf(events.send('messages:send', message(4100), { key: 'again' }));
    expect(again).toBe('TOO_LARGE');
    expect(count('mutation send.messages:send')).toBe(2);
    expect(sockets.length).toBe(2);
  });

  it('sends of one tick go in as many frames as it takes, each with one effect', async () => {
    await using small = await startSmall();
    const { events, sockets } = small;
    const { chat } = await events.send('chats:create', sale, { key: 'create' });
    const own = codeOf(events.send('messages:send', message(1500, chat.id), { key: 'own' }));
    const others = Array.from({ length: 12 }, (_, index) =>
      codeOf(events.send('messages:send', message(1500, `c_${index}`), { key: `key-${index}` })),
    );
    expect(await Promise.all([own, ...others])).toEqual([
      'resolved',
      ...others.map(() => 'NOT_FOUND'),
    ]);
    expect(sockets.length).toBe(2);
    const { chat: fetched } = await events.send('chats:get', {
      chatId: chat.id,
      fields: 'history',
    });
    expect(fetched.history?.map(({ seq }) => seq)).toHaveLength(1);
  });

  it('a history is imported in as many parts as it takes', async () => {
    await using desk = await startDesk({ limits: { frameBytes: 16_384 } });
    const ann = await desk.customer('ann');
    const { id } = await ann.chats.create(sale);
    const bob = await desk.agent('bob');
    await bob.client.send('chats:join', { chatId: id });
    const chat = await bob.chats.open(id);
    const history = Array.from({ length: 40 }, (_, index) => ({
      sender: 'Ann',
      message: `${index} `.padEnd(1000, 'x'),
      created: new Date(index),
    }));
    expect(await chat.importHistory(history)).toMatchObject({ imported: 40, errors: [] });
  });

  it("tRPC's client is told as well", async () => {
    await using parley = await start({ limits });
    const connection = openConnection({
      url: parley.proxy.url,
      token: () => parley.token(),
      ...impatient,
    });
    const trpc = createTRPCClient<EventRouter>({ links: [connectionLink(connection)] });
    const sent = trpc.send['messages:send'].mutate({ data: message(5000) });
    await expect(sent).rejects.toThrow('The data is larger than the server accepts.');
    connection.close();
  });
});

describe('when somebody in between closes with 1009, and does not say what is too large', () => {
  it('a send is made a few times, and fails', async () => {
    await using peer = await startPeer(({ socket }) =>
      socket.on(
        'message',
        (bytes) => Buffer.byteLength(String(bytes)) > 2000 && socket.close(1009),
      ),
    );
    const { WebSocket, count } = recordingWebSocket();
    await using parley = await start();
    const events = parley.connect({ url: peer.url, WebSocket, ...impatient });
    expect(await codeOf(events.send('messages:send', message(5000), { key: 'large' }))).toBe(
      'TOO_LARGE',
    );
    // 65,536 bytes, and each time half of that.
    expect(count('mutation send.messages:send')).toBe(4);
  });
});
