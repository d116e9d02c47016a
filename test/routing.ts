import type { ServeOptions } from '@parley/server';
import { expect } from 'vitest';

import {
  customer,
  type DataOf,
  patiently,
  service,
  startChat,
  startServer,
  type TestServer,
  type TestUser,
} from './harness.ts';
import { createVirtualEnvironment } from './virtual-environment.ts';

/** A server on a clock of its own. */
export async function startOnVirtualTime(options: Partial<ServeOptions> = {}) {
  const environment = createVirtualEnvironment();
  const server = await startServer({ environment, ...options });
  const backend = await service(server);

  /** Has a customer's chat offered, a new one unless there is one, and says to whom. */
  async function assign(customerId: string, how: Omit<DataOf<'chats:assign'>, 'chatId'> = {}) {
    const { chats } = await backend.send('users:chats', { userId: customerId });
    const chatId = chats[0]?.id ?? (await createChat(customerId));
    return (await backend.send('chats:assign', { chatId, ...how })).agent?.id;
  }

  async function createChat(creator: string): Promise<string> {
    const { chat } = await backend.send('chats:create', { room: 'sales', source: 'web', creator });
    return chat.id;
  }

  const { [Symbol.asyncDispose]: dispose } = server;
  return { environment, server, backend, assign, [Symbol.asyncDispose]: dispose };
}

/** Ann's chat, which waits. */
export async function waitingChat(server: TestServer): Promise<{ ann: TestUser; chatId: string }> {
  const ann = await customer(server, 'ann');
  return { ann, chatId: await startChat(ann) };
}

/** An agent in routing, and the invitations that come. */
export async function invitable(
  server: TestServer,
  sub: string,
  login: Partial<DataOf<'agents:login'>> = {},
) {
  const user = await server.connect({ sub, role: 'agent' });
  const invitations = await user.listen('invitations:new');
  await user.send('agents:login', { rooms: ['sales'], ...login });
  return { user, invitations };
}

/** Waits until the server knows that an agent of the chat's room has no connection. */
export async function untilOffline(server: TestServer, agentId: string, chatId: string) {
  const backend = await service(server);
  const considered = async () => (await backend.send('routing:explain', { chatId })).considered;
  await expect.poll(considered, patiently).toContainEqual({ agentId, verdict: 'offline' });
}
