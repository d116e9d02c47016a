import { expect, test } from 'vitest';

import { newChat } from '../../src/chat/lifecycle.ts';
import type { ChatState } from '../../src/chat/state.ts';
import { loadChat, saveChat } from '../../src/tables/chats.ts';
import { openLog } from '../log/open-log.ts';

const customer = { id: 'u_ann', role: 'customer', name: 'Ann' } as const;
const first = newChat({ id: 'c_1', room: 'sales', source: 'web', customer, now: 1000 });

/** Another value for everything in the row of a chat but its id. */
const others = {
  room: 'support',
  source: 'app',
  lang: 'de',
  status: 'active',
  customerId: 'u_eve',
  agentId: 'u_bob',
  createdAt: 2000,
  waitingSince: 3000,
  activeSince: 4000,
  closedAt: 5000,
  closeReason: 'resolved',
  extraData: { cart: ['a hat'] },
  seq: 7,
  firstSeq: -3,
  wantsAgent: !first.wantsAgent,
  avoid: { u_bob: 6000 },
  agentLostAt: 7000,
  customerLostAt: 8000,
  lastMessageAt: 9000,
  previousAgentId: 'u_cem',
  preview: 'Hello',
} satisfies Required<
  Omit<ChatState, 'id' | 'members' | 'formerMarks' | 'assignment' | 'invitation'>
>;

const dueAtOf = async ({ driver }: Awaited<ReturnType<typeof openLog>>) =>
  (await driver.first('SELECT due_at FROM chat WHERE id = ?', first.id))?.['due_at'];

test.each(Object.entries(others))('another %s alone is kept', async (name, value) => {
  await using opened = await openLog();
  const { log, driver } = opened;
  const changed: ChatState = { ...first, [name]: value };
  const before = { chat: first, dueAt: 1 };
  await log.commit(async (transaction) => saveChat(transaction, undefined, before));
  await log.commit(async (transaction) =>
    saveChat(transaction, before, { chat: changed, dueAt: 1 }),
  );

  const fresh = await openLog(undefined, driver);
  const stored = await fresh.log.read(async (transaction) => loadChat(transaction, first.id));
  expect(stored).toEqual(changed);

  await log.commit(async (transaction) =>
    saveChat(transaction, { chat: changed, dueAt: 1 }, before),
  );
  const again = await openLog(undefined, driver);
  const back = await again.log.read(async (transaction) => loadChat(transaction, first.id));
  expect(back).toEqual(first);
});

test('another deadline alone is kept', async () => {
  await using opened = await openLog();
  const save = (from: number | undefined, to: number | undefined) =>
    opened.log.commit(async (transaction) =>
      saveChat(transaction, { chat: first, dueAt: from }, { chat: first, dueAt: to }),
    );
  await opened.log.commit(async (transaction) =>
    saveChat(transaction, undefined, { chat: first, dueAt: undefined }),
  );
  await save(undefined, 5000);
  expect(await dueAtOf(opened)).toBe(5000);
  await save(5000, undefined);
  expect(await dueAtOf(opened)).toBeNull();
});
