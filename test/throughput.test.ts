import { expect, test } from 'vitest';

import { activeChat, service, startServer } from './harness.ts';

const total = 10_000;
const chunkSize = 250;

test('of 10,000 messages through one client all are heard, in order and without a gap', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  const backend = await service(server);
  const annHears = await ann.listen('messages:new');

  for (let start = 0; start < total; start += chunkSize) {
    const numbers = Array.from({ length: chunkSize }, (_, index) => start + index);
    const sends = numbers.map((number) =>
      backend.send('messages:send', { chatId, message: `Message ${number}` }),
    );
    await Promise.all(sends);
  }

  const heard = await annHears.take(total);
  const { position = 0, seq = 0 } = heard[0] ?? {};
  expect(heard.map((each) => [each.data.message.message, each.position, each.seq])).toEqual(
    heard.map((_, index) => [`Message ${index}`, position + index, seq + index]),
  );
}, 120_000);
