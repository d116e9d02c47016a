import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { coreAlgorithms } from '../../src/chat/algorithms/index.ts';
import { missInvitation, startAssignment } from '../../src/chat/assignment.ts';
import { notePresence } from '../../src/chat/deadlines.ts';
import type { Decision } from '../../src/chat/decision.ts';
import { joinChat } from '../../src/chat/joining.ts';
import { closeChat, leaveChat, newChat, openChat, queueChat } from '../../src/chat/lifecycle.ts';
import { readUpTo, writeMessage } from '../../src/chat/messages.ts';
import {
  type AgentState,
  type ChatState,
  defaultRoomSettings,
  type UserRef,
} from '../../src/chat/state.ts';
import { createChats } from '../../src/chats.ts';
import { systemEnvironment } from '../../src/environment.ts';
import { EventError } from '../../src/event-error.ts';
import type { Log, Transaction } from '../../src/log/log.ts';
import { saveAgent, saveRooms } from '../../src/tables/agents.ts';
import { loadChat, nextSeq } from '../../src/tables/chats.ts';
import { openLog } from './open-log.ts';

const people: readonly UserRef[] = [
  { id: 'u_ann', role: 'customer', name: 'Ann' },
  { id: 'u_bob', role: 'agent', name: 'Bob' },
  { id: 'u_cem', role: 'agent' },
  { id: 'u_sue', role: 'supervisor' },
];
const chatIds = ['c_1', 'c_2', 'c_3'];

type Step = (decision: Decision, user: UserRef) => unknown;

const steps: Record<string, Step> = {
  write: (decision, user) =>
    writeMessage(decision, user, { message: 'Hello', type: 'text', visibility: 'all' }),
  read(decision, user) {
    const { id: chatId, seq } = decision.chat;
    const sender = { id: user.id };
    const message = { id: `${chatId}.${seq}`, chatId, seq, sender, type: 'text' } as const;
    const shown = { message: 'Hello', visibility: 'all', created: new Date(0) } as const;
    return readUpTo(decision, user.id, { ...message, ...shown });
  },
  join: (decision, user) => joinChat(decision, user, 'member'),
  watch: (decision, user) => joinChat(decision, user, 'watcher'),
  leave: (decision, user) => leaveChat(decision, user.id),
  assign: (decision) => startAssignment(decision),
  miss: (decision) => missInvitation(decision),
  queue: (decision) => queueChat(decision, 'sales', 'sent'),
  lose: (decision, user) => notePresence(decision, user.id, false),
  return: (decision, user) => notePresence(decision, user.id, true),
  close: (decision, user) => closeChat(decision, { userId: user.id, reason: 'resolved' }),
};

const someWork = fc.record({
  chatId: fc.constantFrom(...chatIds),
  user: fc.constantFrom(...people),
  step: fc.constantFrom(...Object.keys(steps), 'seq'),
  /** What the work does in the end: it succeeds, is refused, fails, or uses the store directly before either. */
  end: fc.constantFrom('succeed', 'succeed', 'succeed', 'refuse', 'throw', 'run', 'run and throw'),
});

type SomeWork = typeof someWork extends fc.Arbitrary<infer Value> ? Value : never;

test('a remembered chat is as the store has it, whatever works succeed, are refused or fail', async () => {
  const groups = fc.array(fc.array(someWork, { minLength: 1, maxLength: 12 }), { maxLength: 12 });
  const property = fc.asyncProperty(groups, async (given) => {
    await using opened = await openLog();
    const { log, driver } = opened;
    const run = await createStage(log);
    for (const group of given) {
      await Promise.allSettled(group.map(run));
      const fresh = await openLog(undefined, driver);
      for (const chatId of chatIds) {
        const remembered = await log.read(async (transaction) => loadChat(transaction, chatId));
        const stored = await fresh.log.read(async (transaction) => loadChat(transaction, chatId));
        expect(inOrder(remembered)).toEqual(inOrder(stored));
      }
      const due = 'SELECT id, due_at FROM chat ORDER BY id';
      const rows = await fresh.log.read((transaction) => transaction.all(due));
      expect(rows).toHaveLength(chatIds.length);
    }
  });
  await fc.assert(property, { numRuns: 150 });
}, 180_000);

/** Members who joined within one millisecond have no order of their own. */
function inOrder(chat: Readonly<ChatState> | undefined) {
  const members = chat?.members.toSorted((left, right) => (left.userId < right.userId ? -1 : 1));
  return { ...chat, members };
}

/** Three chats of one customer, two agents, and how works are run on them. */
async function createStage(log: Log) {
  const chats = createChats({
    environment: systemEnvironment,
    algorithms: new Map(coreAlgorithms.map((each) => [each.name, each])),
    settingsOf: () => defaultRoomSettings,
    isOnline: () => true,
    consequences: {
      queueChanged() {},
      roomStirred() {},
      roomWoken() {},
      chatClosed() {},
      memberLeft() {},
      pickAwaited() {},
      deadlineSet() {},
    },
  });
  const occasion = (user: UserRef) => ({ by: { id: user.id, role: user.role }, now: Date.now() });
  const [customer, ...others] = people;
  if (!customer) throw new Error('There is nobody.');
  await log.commit(async (transaction) => {
    for (const { id, role } of others) if (role === 'agent') await logIn(transaction, id);
    for (const id of chatIds) {
      const chat = newChat({ id, room: 'sales', source: 'web', customer, now: Date.now() });
      await chats.create(transaction, occasion(customer), chat, openChat);
    }
  });

  return ({ chatId, user, step, end }: SomeWork) =>
    log.commit(async (transaction) => {
      const chat = await loadChat(transaction, chatId);
      if (!chat) throw new Error('The chat is gone.');
      const decide = steps[step];
      if (decide) {
        const options = { routes: true, agentId: user.id };
        const what = (decision: Decision) => decide(decision, user);
        await chats.decide(transaction, occasion(user), chat, options, what);
      } else {
        const seq = await nextSeq(transaction, chatId);
        const by = { id: user.id, role: user.role };
        const draft = { name: 'system:info', durable: true, chatId, seq, at: 0, by, data: {} };
        transaction.append({ ...draft, topics: [`chat:${chatId}`] });
      }
      if (end.startsWith('run'))
        await transaction.run('INSERT INTO setting VALUES (?, ?)', unique(), '');
      if (end === 'refuse') throw new EventError('FORBIDDEN');
      if (end.endsWith('throw')) throw new Error('The handler fails.');
    });
}

function unique(): string {
  return Buffer.from(systemEnvironment.random.bytes(16)).toString('hex');
}

async function logIn(transaction: Transaction, id: string) {
  const agent: AgentState = {
    id,
    rooms: ['sales'],
    langs: [],
    capacity: 2,
    tier: 0,
    status: 'available',
    misses: 0,
    lastInvitedAt: 0,
    lastClosedAt: 0,
    availableSince: 0,
    load: 0,
    connected: true,
  };
  saveAgent(transaction, agent);
  await saveRooms(transaction, id, agent.rooms);
}
