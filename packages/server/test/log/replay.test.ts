import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { topicsOf } from '../../src/access/audience.ts';
import { newChat } from '../../src/chat/lifecycle.ts';
import type { HeardTopic, Log } from '../../src/log/log.ts';
import { replay } from '../../src/log/replay.ts';
import { nextSeq, saveChat } from '../../src/tables/chats.ts';
import { openLog } from './open-log.ts';

const chatIds = ['c_1', 'c_2'];
const names = ['messages:new', 'messages:read'];

const someHappening = fc.record({
  chatId: fc.constantFrom(...chatIds, undefined),
  name: fc.constantFrom(...names),
  to: fc.constantFrom('chat' as const, 'agents' as const, 'user' as const, 'everybody' as const),
});

type SomeHappening = typeof someHappening extends fc.Arbitrary<infer Value> ? Value : never;

const someQuery = fc.record({
  topics: fc.subarray(['chat:c_1', 'agents:c_1', 'chat:c_2', 'user:u_ann']),
  /** Of the first chat nothing is heard after this seq. */
  untilSeq: fc.option(fc.nat(20), { nil: undefined }),
  chatId: fc.constantFrom(...chatIds, undefined),
  name: fc.constantFrom(...names),
  after: fc.nat(60),
  limit: fc.constantFrom(1, 3, 1000),
});

test('a replay is what the log has for its topics, page by page, from any position', async () => {
  const happenings = fc.array(someHappening, { minLength: 1, maxLength: 60 });
  const queries = fc.array(someQuery, { minLength: 1, maxLength: 10 });
  const property = fc.asyncProperty(happenings, queries, async (happened, asked) => {
    await using opened = await openLog();
    const { log } = opened;
    const seqs = await write(log, happened);
    for (const { topics, untilSeq, chatId, name, limit, after: start } of asked) {
      const heard: HeardTopic[] = topics.map((topic) =>
        topic.endsWith(':c_1') ? { topic, untilSeq } : { topic },
      );
      const hears = (index: number, each: SomeHappening) =>
        heard.some(
          ({ topic, untilSeq: until = Infinity }) =>
            topicsFor(each).includes(topic) && (seqs[index] ?? 0) <= until,
        );
      for (const asksAll of [true, false]) {
        const expected = happened.flatMap((each, index) => {
          const fits = each.name === name && (chatId === undefined || each.chatId === chatId);
          return fits && index + 1 > start && (asksAll || hears(index, each)) ? [index + 1] : [];
        });
        const found: number[] = [];
        for (let after = start; ; after = found.at(-1) ?? after) {
          const query = { name, chatId, after, upTo: log.head, limit };
          const hearing = asksAll ? ('all' as const) : heard;
          const page = await log.read((snapshot) =>
            replay(snapshot, { ...query, topics: hearing }),
          );
          found.push(...page.map(({ position = 0 }) => position));
          if (page.length < limit) break;
        }
        expect(found).toEqual(expected);
      }
    }
  });
  await fc.assert(property, { numRuns: 100 });
}, 60_000);

function topicsFor({ chatId, to }: SomeHappening): string[] {
  if (to === 'user' || chatId === undefined) return topicsOf({ user: 'u_ann' });
  if (to === 'everybody') return topicsOf({ chat: chatId, user: 'u_ann' });
  return topicsOf({ [to]: chatId });
}

/** Writes them in groups, each in its chat; gives the seq of each. */
async function write(log: Log, happened: readonly SomeHappening[]) {
  await log.commit(async (transaction) => {
    for (const id of chatIds) {
      const customer = { id: 'u_ann', role: 'customer' } as const;
      const chat = newChat({ id, room: 'sales', source: 'web', customer, now: 0 });
      saveChat(transaction, undefined, { chat, dueAt: undefined });
    }
  });
  const works = happened.map((each) =>
    log.commit(async (transaction) => {
      const { chatId, name } = each;
      const seq = chatId === undefined ? undefined : await nextSeq(transaction, chatId);
      const by = { id: 'system' } as const;
      const topics = topicsFor(each);
      transaction.append({ name, durable: true, chatId, seq, at: 0, by, data: {}, topics });
      return seq;
    }),
  );
  return Promise.all(works);
}
