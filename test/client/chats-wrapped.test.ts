import { connect, type Events } from '@parley/client';
import { withChats } from '@parley/client/chats';
import { signToken } from '@parley/server';
import { expect, it } from 'vitest';

import { secret, startServer } from '../harness.ts';

it('a client with chats and a send of its own still follows the status and the user', async () => {
  await using server = await startServer();
  const token = () => signToken({ sub: 'ann', role: 'customer', secret });
  await using events = connect({ url: server.url, token });
  const sent: string[] = [];
  const send: Events['send'] = (name, ...rest) => {
    sent.push(name);
    return events.send(name, ...rest);
  };
  const client = withChats(events, { send });
  expect([client.status.state, client.userId]).toEqual(['connecting', undefined]);

  const chat = await client.chats.create({ room: 'sales', source: 'web' });
  expect([client.status.state, client.userId]).toEqual(['open', 'ann']);
  await chat.sendMessage('Hello');
  expect([chat.unread, chat.messages.length]).toEqual([0, 1]);
  expect(sent).toEqual(['chats:create', 'chats:get', 'messages:send']);
  expect(events).not.toHaveProperty('chats');

  await client.close();
  expect([client.status.state, events.status.state]).toEqual(['closed', 'closed']);
});
