import type { Events } from '@parley/client';
import type { ListenEvents, SendEvents } from '@parley/contract';
import { describe, expect, it, vi } from 'vitest';

import { recordingWebSocket } from './recording-web-socket.ts';
import { start } from './start.ts';

type Client = Events<SendEvents, ListenEvents>;
type MessageData = ListenEvents['messages:new']['data'];

/** A chat of the client's, to write in. */
async function openChat(events: Client) {
  const { chat } = await events.send('chats:create', { room: 'sales', source: 'web' });
  const chatId = chat.id;
  return { chatId, write: (message: string) => events.send('messages:send', { chatId, message }) };
}

/** A listener that keeps the messages it hears. */
function messageListener() {
  const heard: unknown[] = [];
  const listener = ({ message }: MessageData) => void heard.push(message.message);
  return { heard, listener };
}

describe('subscribe', () => {
  it('works before the connection is open', async () => {
    await using parley = await start();
    const events = parley.connect();
    const { heard, listener } = messageListener();
    events.subscribe('messages:new', listener);
    expect(events.status.state).toBe('connecting');
    await (await openChat(events)).write('Hello');
    await expect.poll(() => heard).toEqual(['Hello']);
  });

  it('gives the data and the whole occurrence', async () => {
    await using parley = await start();
    const events = parley.connect();
    const listener = vi.fn<Parameters<typeof events.subscribe<'messages:new'>>[1]>();
    events.subscribe('messages:new', listener);
    const { chatId, write } = await openChat(events);
    const { message } = await write('Hello');
    await expect.poll(() => listener).toHaveBeenCalled();
    const at = message.created;
    const occurrence = { name: 'messages:new', chatId, seq: message.seq, at, data: { message } };
    expect(listener.mock.calls[0]).toEqual([{ message }, expect.objectContaining(occurrence)]);
  });

  it('shares one wire subscription among all listeners of a name, and the last one stops it', async () => {
    await using parley = await start();
    const { WebSocket, count } = recordingWebSocket();
    const events = parley.connect({ WebSocket });
    const stopFirst = events.subscribe('messages:new', () => {});
    const stopSecond = events.subscribe('messages:new', () => {});
    const { write } = await openChat(events);
    await write('Hello');
    const stopThird = events.subscribe('messages:new', () => {});
    stopFirst();
    stopSecond();
    await write('Hello again');
    expect(count('subscription listen.messages:new')).toBe(1);
    expect(count('subscription.stop')).toBe(0);
    stopThird();
    expect(count('subscription.stop')).toBe(1);
  });

  it('counts the same listener under one name once', async () => {
    await using parley = await start();
    const events = parley.connect();
    const { heard, listener } = messageListener();
    events.subscribe('messages:new', listener);
    events.subscribe('messages:new', listener);
    const { write } = await openChat(events);
    await write('first');
    await write('second');
    await expect.poll(() => heard).toEqual(['first', 'second']);
  });

  it('calls the others when a listener throws, and reports the error', async () => {
    await using parley = await start();
    const report = vi.fn<(error: unknown) => void>();
    const events = parley.connect({ environment: { report } });
    const error = new Error('broken listener');
    events.subscribe('messages:new', () => {
      throw error;
    });
    const { heard, listener } = messageListener();
    events.subscribe('messages:new', listener);
    const { write } = await openChat(events);
    await write('first');
    await write('second');
    await expect.poll(() => heard).toEqual(['first', 'second']);
    expect(report.mock.calls).toEqual([[error], [error]]);
  });

  it('starts after the cursor when one was given to connect', async () => {
    await using parley = await start();
    const before = parley.connect();
    const { chatId, write } = await openChat(before);
    await write('first');
    const { cursor } = await before.send('chats:get', { chatId });
    await write('second');
    await before.close();

    const events = parley.connect({ cursor });
    const { heard, listener } = messageListener();
    events.subscribe('messages:new', listener);
    await expect.poll(() => heard).toEqual(['second']);
  });

  it('lets who comes later hear what the others have heard before, and these nothing twice', async () => {
    await using parley = await start();
    const { WebSocket, count } = recordingWebSocket();
    const events = parley.connect({ WebSocket });
    const [first, later, any] = [messageListener(), messageListener(), messageListener()];
    events.subscribe('messages:new', first.listener);
    events.onAny((data) => any.listener(Object(data)));
    const { write } = await openChat(events);
    await write('One');
    await write('Two');
    await expect.poll(() => first.heard).toEqual(['One', 'Two']);

    events.subscribe('messages:new', later.listener, { cursor: '0' });
    events.subscribe('messages:new', later.listener);
    await write('Three');
    for (const { heard } of [first, later, any]) {
      await expect.poll(() => heard).toEqual(['One', 'Two', 'Three']);
    }
    const cursor = events.cursorOf('messages:new');
    events.subscribe('messages:new', () => {}, { cursor });
    expect(count('subscription listen.messages:new')).toBe(2);

    events.unsubscribe('messages:new', later.listener);
    await write('Four');
    await expect.poll(() => first.heard.at(-1)).toBe('Four');
    expect(later.heard).toHaveLength(3);
    expect(count('subscription.stop')).toBe(1);
  });

  it('ends with its signal', async () => {
    await using parley = await start();
    const events = parley.connect();
    const controller = new AbortController();
    const [some, all] = [messageListener(), messageListener()];
    events.subscribe('messages:new', some.listener, { signal: controller.signal });
    events.subscribe('messages:new', all.listener);
    const { write } = await openChat(events);
    await write('first');
    await expect.poll(() => some.heard).toEqual(['first']);
    controller.abort();
    await write('second');
    await expect.poll(() => all.heard).toEqual(['first', 'second']);
    expect(some.heard).toEqual(['first']);
  });
});

describe('unsubscribe', () => {
  it('removes that listener alone', async () => {
    await using parley = await start();
    const events = parley.connect();
    const [gone, stays] = [messageListener(), messageListener()];
    events.subscribe('messages:new', gone.listener);
    events.subscribe('messages:new', stays.listener);
    const { write } = await openChat(events);
    await write('first');
    await expect.poll(() => stays.heard).toEqual(['first']);
    events.unsubscribe('messages:new', gone.listener);
    await write('second');
    await expect.poll(() => stays.heard).toEqual(['first', 'second']);
    expect(gone.heard).toEqual(['first']);
  });

  it('leaves the listener alone under another name', async () => {
    await using parley = await start();
    const events = parley.connect();
    const names: string[] = [];
    const listener = (_data: unknown, { name }: { name: string }) => void names.push(name);
    events.subscribe('chats:create', listener);
    events.subscribe('messages:new', listener);
    events.unsubscribe('chats:create', listener);
    const { write } = await openChat(events);
    await write('Hello');
    await expect.poll(() => names).toEqual(['messages:new']);
  });

  it('removes all listeners of the name without one, and the wire subscription with them', async () => {
    await using parley = await start();
    const { WebSocket, count } = recordingWebSocket();
    const events = parley.connect({ WebSocket });
    const [first, second] = [messageListener(), messageListener()];
    events.subscribe('messages:new', first.listener);
    events.subscribe('messages:new', second.listener);
    const { write } = await openChat(events);
    await write('first');
    await expect.poll(() => second.heard).toEqual(['first']);
    events.unsubscribe('messages:new');
    expect(count('subscription.stop')).toBe(1);
    await write('second');
    expect([...first.heard, ...second.heard]).toEqual(['first', 'first']);
  });

  it('is safe while an occurrence is delivered', async () => {
    await using parley = await start();
    const events = parley.connect();
    const { heard, listener } = messageListener();
    events.subscribe('messages:new', () => events.unsubscribe('messages:new', listener));
    events.subscribe('messages:new', listener);
    const { write } = await openChat(events);
    const next = events.once('messages:new');
    await write('Hello');
    await next;
    expect(heard).toEqual([]);
  });
});

describe('once', () => {
  it('gives the data of the next occurrence that fits', async () => {
    await using parley = await start();
    const events = parley.connect();
    const last = events.once('messages:new', {
      where: ({ message }, { seq }) => message.message === 'second' && seq === message.seq,
    });
    const { write } = await openChat(events);
    await write('first');
    const { message } = await write('second');
    await write('second');
    expect(await last).toEqual({ message });
  });

  it('listens no more when it is done', async () => {
    await using parley = await start();
    const { WebSocket, count } = recordingWebSocket();
    const events = parley.connect({ WebSocket });
    const next = events.once('messages:new');
    await (await openChat(events)).write('Hello');
    await next;
    expect(count('subscription.stop')).toBe(1);
  });

  it('rejects with TIMEOUT when nothing comes in time', async () => {
    await using parley = await start();
    const events = parley.connect();
    const error = { code: 'TIMEOUT', retryable: true, event: 'messages:new' };
    await expect(events.once('messages:new', { timeout: 20 })).rejects.toMatchObject(error);
  });

  it('rejects with the reason of the signal, before and while it waits', async () => {
    await using parley = await start();
    const events = parley.connect();
    const reason = new Error('not wanted any more');
    const controller = new AbortController();
    const next = events.once('messages:new', { signal: controller.signal });
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    const { signal } = controller;
    await expect(events.once('messages:new', { signal })).rejects.toBe(reason);
  });

  it('rejects with what its condition throws', async () => {
    await using parley = await start();
    const events = parley.connect();
    const error = new Error('broken condition');
    const next = events.once('messages:new', {
      where: () => {
        throw error;
      },
    });
    const rejected = expect(next).rejects.toBe(error);
    await (await openChat(events)).write('Hello');
    await rejected;
  });

  it('rejects with DISCONNECTED when the client is closed', async () => {
    await using parley = await start();
    const events = parley.connect();
    const next = expect(events.once('messages:new')).rejects.toMatchObject({
      code: 'DISCONNECTED',
    });
    await events.close();
    await next;
    await expect(events.once('messages:new')).rejects.toMatchObject({ code: 'DISCONNECTED' });
  });
});

describe('onAny', () => {
  it('hears what is heard on any subscribed name, after the listeners of that name', async () => {
    await using parley = await start();
    const events = parley.connect();
    const heard: string[] = [];
    const stop = events.onAny((_data, { name }) => void heard.push(`any ${name}`));
    events.subscribe('messages:new', () => void heard.push('messages:new'));
    events.subscribe('chats:close', () => void heard.push('chats:close'));
    const { chatId, write } = await openChat(events);
    await write('Hello');
    await expect.poll(() => heard).toEqual(['messages:new', 'any messages:new']);
    stop();
    await events.send('chats:close', { chatId });
    await expect.poll(() => heard.slice(2)).toEqual(['chats:close']);
  });
});
