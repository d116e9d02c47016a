import { expect, test } from 'vitest';

import { Connection, request } from '../conformance/connection.ts';
import { startServer } from '../harness.ts';

test('what is wrong in 50 places is refused in not much more words than it has', async () => {
  await using server = await startServer();
  await using connection = await Connection.as(server.url, { sub: 'bob', role: 'agent' });
  const data = { rooms: Array.from({ length: 50 }, () => 1) };
  const asked = request(1, 'mutation', 'send.agents:login', { data });
  connection.send(asked);
  await connection.answer(1);
  const most = 2 * JSON.stringify(asked).length + 1024;
  expect(connection.frames.join('').length).toBeLessThan(most);
});
