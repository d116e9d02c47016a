import { fakeParley, fixtures } from '@parley/client/testing';
import { expect, test } from 'vitest';

import { recordEvents } from './record-events.ts';
import { changeStream, type Entry } from './stream.ts';

test('the stream says what became of each send, and what was missed while there was no connection', async () => {
  const { chat } = fixtures.listen['chats:create'].data;
  await using parley = fakeParley({
    'chats:create': () => ({ chat }),
    'chats:close': ({ refuse }) => refuse('NOT_FOUND'),
  });
  let stream: readonly Entry[] = [];
  const send = recordEvents(parley.connect(), 'customer', (change) => {
    stream = changeStream(stream, change);
  });

  await send('chats:create', { room: 'sales', source: 'web' });
  await send('chats:close', { chatId: 'c_9' }).catch(() => {});
  await parley.drop();
  await parley.fire('chats:assign');
  await parley.reconnect();

  expect(stream).toMatchObject([
    { kind: 'occurrence', name: 'chats:assign', position: 1 },
    { kind: 'send', name: 'chats:close', outcome: { state: 'refused', code: 'NOT_FOUND' } },
    { kind: 'send', name: 'chats:create', outcome: { state: 'replied', reply: { chat } } },
  ]);
});
