import { expect, test } from 'vitest';

import {
  agent,
  customer,
  expectUnseen,
  invalidPaths,
  listenAll,
  patiently,
  refusal,
  refusalCode,
  service,
  startChat,
  startServer,
  supervisor,
  type TestServer,
} from '../harness.ts';

test('it says whom a chat would go to and why not to the others, and does nothing', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await germanChat(server);
  const [cat, dan, eva] = [
    await agent(server, 'cat', { langs: ['en'] }),
    await agent(server, 'dan', { langs: ['de', 'en'] }),
    await agent(server, 'eva'),
  ];
  const full = await agent(server, 'full', { capacity: 1 });
  await full.send('chats:join', { chatId: await startChat(await customer(server, 'gil')) });
  await eva.disconnect();
  await dan.send('agents:status', { status: 'away' });
  const invitations = await listenAll('invitations:new', bob, cat, dan);
  const sue = await supervisor(server);

  await expect
    .poll(() => sue.send('routing:explain', { chatId }), patiently)
    .toEqual({
      chosen: 'bob',
      considered: expect.arrayContaining([
        { agentId: 'bob', verdict: 'chosen' },
        { agentId: 'cat', verdict: 'other-language' },
        { agentId: 'dan', verdict: 'away' },
        { agentId: 'eva', verdict: 'offline' },
        { agentId: 'full', verdict: 'at-capacity' },
      ]),
    });
  await Promise.all([bob.caughtUp(), cat.caughtUp(), dan.caughtUp()]);
  expect(invitations.flatMap(({ heard }) => heard)).toEqual([]);
  expect((await ann.send('chats:get', { chatId })).chat.status).toBe('waiting');
});

test('during an assignment the agents tried already are out', async () => {
  await using server = await startServer();
  const { ann, chatId } = await germanChat(server);
  await agent(server, 'cat');
  const backend = await service(server);
  const { agent: invited } = await backend.send('chats:assign', { chatId });
  const { chosen, considered } = await backend.send('routing:explain', { chatId });
  expect(considered).toContainEqual({ agentId: invited?.id, verdict: 'tried' });
  expect(chosen).toBe(['bob', 'cat'].find((id) => id !== invited?.id));
  await ann.send('chats:close', { chatId });
});

test('without anybody in the room nobody is chosen', async () => {
  await using server = await startServer();
  const [ann, sue] = [await customer(server, 'ann'), await supervisor(server)];
  const chatId = await startChat(ann);
  expect(await sue.send('routing:explain', { chatId })).toEqual({ considered: [] });
});

test('an unknown algorithm is refused with the known ones', async () => {
  await using server = await startServer();
  const [ann, sue] = [await customer(server, 'ann'), await supervisor(server)];
  const chatId = await startChat(ann);
  const explain = await refusal(sue.send('routing:explain', { chatId, algorithm: 'coin-toss' }));
  expect(explain).toMatchObject({
    code: 'UNKNOWN_ALGORITHM',
    details: { known: expect.arrayContaining(['least-busy', 'round-robin']) },
  });
});

test('data that does not fit is refused with the places that are wrong', async () => {
  await using server = await startServer();
  const sue = await supervisor(server);
  const explain = (data: unknown) => invalidPaths(sue.sendUnchecked('routing:explain', data));
  expect(await explain({ algorithm: '' })).toEqual(['chatId', 'algorithm']);
  expect(await explain({ chatId: 'c_1', agentId: 'bob' })).toEqual(['']);
});

test('customers and agents get no explanation', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await germanChat(server);
  for (const user of [ann, bob]) {
    expect(await refusalCode(user.send('routing:explain', { chatId }))).toBe('FORBIDDEN');
  }
});

test('an unknown chat is not found, and a closed one not routed', async () => {
  await using server = await startServer();
  const { ann, chatId } = await germanChat(server);
  const sue = await supervisor(server);
  const explain = (id: string) => sue.send('routing:explain', { chatId: id });
  await expectUnseen(explain('c_unknown'), explain('c_other'));
  await ann.send('chats:close', { chatId });
  expect(await refusalCode(explain(chatId))).toBe('CHAT_CLOSED');
});

/** A chat in German waits, and Bob speaks it. */
async function germanChat(server: TestServer) {
  const [ann, bob] = [await customer(server, 'ann'), await agent(server, 'bob', { langs: ['de'] })];
  const data = { room: 'sales', source: 'web', lang: 'de' };
  const { chat } = await ann.send('chats:create', data);
  return { ann, bob, chatId: chat.id };
}
