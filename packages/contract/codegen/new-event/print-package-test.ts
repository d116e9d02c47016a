import type { Role } from '../../src/roles.ts';
import type { EventPlace, NewEvent } from './new-event.ts';

/** How a sender comes to be in the chat, by role; who acts for others need not be. */
const entering: Record<Role, string> = {
  customer: '',
  agent: `  await sender.send('agents:login', { rooms: ['sales'] });
  await sender.send('chats:join', { chatId });
`,
  supervisor: '',
  service: '',
};

/** Prints the test of an event of a team's own package, which has nothing but what packages have of each other. */
export function printPackageTest(
  event: NewEvent,
  { typesModule, serverModule }: EventPlace,
): string {
  const { name, send, listen } = event;
  const [role = 'service'] = send?.by ?? [];
  const hears = listen ? `  const heard = backend.once('${name}');\n` : '';
  const heard = listen ? `  expect(await heard).toEqual({ chatId, note: 'Hello' });\n` : '';
  const body = send
    ? `  await using sender = await join('sender', '${role}');
  await using backend = await join('backend', 'service');
  const chat = { room: 'sales', source: 'test', creator: ${role === 'customer' ? `'sender'` : `'ann'`} };
  const { id: chatId } = (await backend.send('chats:create', chat)).chat;
${entering[role]}${hears}
  const reply = await sender.send('${name}', { chatId, note: 'Hello' });

  expect(reply).toEqual({ done: true });
${heard}`
    : `  await using backend = await join('backend', 'service');
  const heard: unknown[] = [];
  backend.subscribe('${name}', (data) => heard.push(data));
  await backend.send('users:chats', {});
  expect(heard).toEqual([]);
`;
  return `import { connect, type ListenEvents, type SendEvents } from '@parley/client';
import type { Role } from '@parley/contract';
import { serve, signToken } from '@parley/server';
import { expect, test } from 'vitest';

import type * as own from '${typesModule}';
import extension from '${serverModule}';

const auth = { secret: 'a secret that only this test knows' };

test('${name} ${send ? `is sent${listen ? ' and heard' : ' and answered'}` : 'can be listened to'}', async () => {
  await using server = await serve({ port: 0, store: 'sqlite::memory:', auth, ...extension });
  const join = async (sub: string, role: Role) =>
    connect<SendEvents & own.SendEvents, ListenEvents & own.ListenEvents>({
      url: server.url,
      token: await signToken({ sub, role, ...auth }),
    });
${body}});
`;
}
