import { expect, test } from 'vitest';

import { newChat } from '../../src/chat/lifecycle.ts';
import { systemEnvironment } from '../../src/environment.ts';
import type { Log, Transaction } from '../../src/log/log.ts';
import { replay } from '../../src/log/replay.ts';
import { openSqlite } from '../../src/log/sqlite.ts';
import { nextSeq, saveChat } from '../../src/tables/chats.ts';
import { openLog } from './open-log.ts';

const chatIds = ['c_1', 'c_2', 'c_3'];
const names = ['messages:new', 'messages:read'];
const frozen = { ...systemEnvironment, now: () => 0 };

async function openChats(log: Log) {
  await log.commit(async (transaction) => {
    for (const id of chatIds) {
      const customer = { id: 'u_ann', role: 'customer' } as const;
      const chat = newChat({ id, room: 'sales', source: 'web', customer, now: 0 });
      saveChat(transaction, undefined, { chat, dueAt: undefined });
    }
  });
}

async function happen(transaction: Transaction, name: string, chatId?: string) {
  const seq = chatId === undefined ? undefined : await nextSeq(transaction, chatId);
  const topics = chatId === undefined ? [] : [`chat:${chatId}`];
  const by = { id: 'system' } as const;
  transaction.append({ name, durable: true, chatId, seq, at: 0, by, data: {}, topics });
}

/** What the n-th occurrence is: chats and names in no even turn, one in seven in no chat. */
const nth = (index: number) => ({
  name: names[(index * index) % 3 === 0 ? 1 : 0] ?? '',
  chatId: index % 7 === 0 ? undefined : chatIds[(index * 5 + (index >> 4)) % 3],
});

async function positionsOf(log: Log, name: string, chatId: string | undefined, after: number) {
  const query = { name, chatId, after, upTo: log.head, topics: 'all', limit: 10_000 } as const;
  const page = await log.read((snapshot) => replay(snapshot, query));
  return page.map(({ position }) => position);
}

test('every occurrence is found: in the index, young, in the same transaction, and after a restart', async () => {
  const total = 700;
  await using opened = await openLog(frozen);
  const { log, driver } = opened;
  await openChats(log);
  const expectAll = async (each: Log, count: number) => {
    for (const name of names) {
      for (const chatId of [...chatIds, undefined]) {
        for (const after of [0, 1, count >> 1, count - 3]) {
          const expected = Array.from({ length: count }, (_, index) => index + 1).filter(
            (position) =>
              position > after &&
              nth(position).name === name &&
              (chatId === undefined || nth(position).chatId === chatId),
          );
          expect(await positionsOf(each, name, chatId, after)).toEqual(expected);
        }
      }
    }
  };
  for (let done = 0; done < total; done += 50) {
    const works = Array.from({ length: 50 }, (_, index) =>
      log.commit((transaction) => {
        const { name, chatId } = nth(done + index + 1);
        return happen(transaction, name, chatId);
      }),
    );
    const sameGroup = log.read(async (snapshot) => snapshot.head);
    await Promise.all(works);
    expect(await sameGroup).toBe(done + 50);
    await expectAll(log, done + 50);
  }
  const restarted = await openLog(frozen, driver);
  await expectAll(restarted.log, total);
  const counted = await driver.first('SELECT count(*) AS count FROM event_of_chat');
  expect(Number(counted?.['count'])).toBeGreaterThan(total / 2);
  expect(Number(counted?.['count'])).toBeLessThan((total * 6) / 7);
}, 30_000);

test('an occurrence of a quiet chat goes into the index when much has happened elsewhere', async () => {
  await using opened = await openLog(frozen);
  const { log, driver } = opened;
  await openChats(log);
  await log.commit((transaction) => happen(transaction, 'messages:new', 'c_1'));
  await log.commit(async (transaction) => {
    for (let count = 0; count < 16_384; count += 1) await happen(transaction, 'messages:new');
  });
  await log.commit((transaction) => happen(transaction, 'messages:new', 'c_2'));

  const rows = await driver.all('SELECT chat_id, position FROM event_of_chat');
  expect(rows).toEqual([{ chat_id: 'c_1', position: 1 }]);
  expect(await positionsOf(log, 'messages:new', 'c_1', 0)).toEqual([1]);
  await log.commit((transaction) => happen(transaction, 'messages:new', 'c_1'));
  expect(await positionsOf(log, 'messages:new', 'c_1', 0)).toEqual([1, 16_387]);
}, 30_000);

test('where others write to the store too, an occurrence is in the index of its chat at once', async () => {
  const driver = { ...openSqlite(':memory:'), isExclusive: false };
  await using opened = await openLog(frozen, driver);
  await openChats(opened.log);
  await opened.log.commit((transaction) => happen(transaction, 'messages:new', 'c_1'));

  const rows = await driver.all('SELECT chat_id, position FROM event_of_chat');
  expect(rows).toEqual([{ chat_id: 'c_1', position: 1 }]);
});
