import type { Occurrence } from '@parley/contract';
import { type Behaviour, makeArrivals, makeStaff, simulate } from '@parley/server';
import { expect, test } from 'vitest';
import * as z from 'zod';

import {
  type Collector,
  customer,
  startServer,
  supervisor,
  type TestServer,
  type TestUser,
} from '../harness.ts';
import { createVirtualEnvironment, type VirtualEnvironment } from '../virtual-environment.ts';

const hour = { chats: 60, hours: 1, seed: 7 };
const seldomThere: Partial<Behaviour> = { missRate: 0.25, rejectRate: 0.1, handleMinutes: 8 };

test.each([
  { algorithm: 'least-busy', patienceMinutes: 2 },
  { algorithm: 'round-robin', patienceMinutes: 2 },
  { algorithm: 'sticky', patienceMinutes: 10_000 },
])(
  'a server decides as the simulation does: $algorithm',
  async ({ algorithm, patienceMinutes }) => {
    const arrivals = makeArrivals(hour).map((arrival, index) =>
      // Who is gone from one chat is gone from all, so that impatient customers come once.
      patienceMinutes < 10 ? { ...arrival, customerId: `customer-${index}` } : arrival,
    );
    const staff = makeStaff({ agents: 5, capacity: 2, rooms: ['support'] });
    const settings = { algorithm, interval: 20, maxAttempts: 2 };
    const behaviour = { ...seldomThere, patienceMinutes };
    const simulated: Occurrence[] = [];
    const onOccurrence = (occurrence: Occurrence) => void simulated.push(occurrence);
    await simulate({ arrivals, staff, settings, behaviour, seed: 7, onOccurrence });

    const environment = createVirtualEnvironment(new Date(arrivals[0]?.at ?? 0));
    const roomDefaults = { ...settings, assignOnCreate: true, oneChatPerCustomer: false };
    await using server = await startServer({ environment, roomDefaults });
    const agents = new Map<string, TestUser>();
    for (const { id, rooms, capacity } of staff) {
      const user = await server.connect({ sub: id, role: 'agent' });
      await user.send('agents:login', { rooms, capacity });
      agents.set(id, user);
    }
    const heard = await reenact(simulated, server, environment, agents);

    expect(simulated.filter(({ name }) => name === 'forever:alone').length).toBeGreaterThan(15);
    for (const name of compared) expect(storyOf(heard, name)).toEqual(storyOf(simulated, name));
  },
);

const compared = [
  'routing:decide',
  'invitations:accept',
  'invitations:reject',
  'invitations:expire',
  'forever:alone',
  'chats:close',
] as const;

/** Has the people of a simulation do at a server what they did, and gives what a supervisor hears. */
async function reenact(
  simulated: readonly Occurrence[],
  server: TestServer,
  environment: VirtualEnvironment,
  agents: ReadonlyMap<string, TestUser>,
): Promise<Occurrence[]> {
  const sue = await supervisor(server);
  const customers = new Map<string, TestUser>();
  const chatIds = new Map<string, string>();
  const invitations = await sue.listen('invitations:new');
  const presences = await sue.listen('users:presence');
  const collectors: Collector<(typeof compared)[number]>[] = await Promise.all(
    compared.map((name) => sue.listen(name)),
  );

  async function invitationOf(chatId: string): Promise<string> {
    await sue.caughtUp();
    return invitations.data.findLast((each) => each.chatId === chatId)?.invitationId ?? '';
  }

  async function act({ name, by, chatId = '', data }: Occurrence) {
    const ownChatId = chatIds.get(chatId) ?? '';
    const agentActing = agents.get(by.id);
    if (name === 'chats:create') {
      const creator = customers.get(by.id) ?? (await customer(server, by.id));
      customers.set(by.id, creator);
      const { chat } = await creator.send('chats:create', Creation.parse(data).chat);
      chatIds.set(chatId, chat.id);
    } else if (name === 'users:presence') {
      await customers.get(by.id)?.disconnect();
      await presences.next((each) => each.data.userId === by.id && !each.data.online);
    } else if (name === 'invitations:accept') {
      const invitationId = await invitationOf(ownChatId);
      await agentActing?.send('invitations:accept', { invitationId });
    } else if (name === 'invitations:reject') {
      const invitationId = await invitationOf(ownChatId);
      await agentActing?.send('invitations:reject', { invitationId });
    } else if (name === 'chats:close') {
      const { reason } = Closing.parse(data);
      await agentActing?.send('chats:close', { chatId: ownChatId, reason });
    } else if (name === 'agents:status') {
      await agentActing?.send('agents:status', { status: 'available' });
    }
  }

  for (const occurrence of simulated) {
    await environment.advance(occurrence.at.getTime() - environment.now());
    await act(occurrence);
  }
  await sue.caughtUp();
  return collectors.flatMap(({ heard }): Occurrence[] => heard);
}

const Creation = z.object({ chat: z.object({ room: z.string(), source: z.string() }) });
const Closing = z.object({ reason: z.string() });

/** What is told of one event, without the ids that differ from run to run. */
function storyOf(occurrences: readonly Occurrence[], name: string) {
  const chatIds = new Set<string>();
  return occurrences
    .filter((occurrence) => occurrence.name === name)
    .map(({ at, chatId = '', data }) => {
      chatIds.add(chatId);
      const without = { assignmentId: undefined, invitationId: undefined };
      return { at, ...Object(data), ...without, chatId: [...chatIds].indexOf(chatId) };
    });
}
