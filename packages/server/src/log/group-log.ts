import { compact } from '../compact.ts';
import { type Environment, within } from '../environment.ts';
import { EventError } from '../event-error.ts';
import type { Driver } from './driver.ts';
import type { CommitListener, Effect, Log, Transaction } from './log.ts';
import { encodeData } from './encoding.ts';

/** The most works, and the longest time in milliseconds, that one transaction gathers. */
const groupSize = 256;
const groupMilliseconds = 5;

/** How long a work may take, in milliseconds, before it is given up so that others can go on. */
const workMilliseconds = 5000;

type Ended = { result: unknown } | { error: unknown };

interface Work {
  writes: boolean;
  run(transaction: OpenTransaction): Promise<unknown>;
  end(ended: Ended): void;
}

interface OpenTransaction extends Transaction {
  effects: Effect[];
  after: (() => void)[];
  /** Refuses further statements: the work has ended, one way or another. */
  close(): void;
}

export interface GroupLogOptions {
  driver: Driver;
  environment: Environment;
  onCommit: CommitListener;
}

/** A log that commits in groups: works that arrive while one group is written make up the next. */
export async function openGroupLog({
  driver,
  environment,
  onCommit,
}: GroupLogOptions): Promise<Log> {
  const newest = await driver.first('SELECT max(position) AS head FROM event WHERE position > 0');
  let head = Number(newest?.['head'] ?? 0);
  const queue: Work[] = [];
  let draining: Promise<void> | undefined;
  let closed = false;

  function enqueue<Result>(
    writes: boolean,
    run: (transaction: OpenTransaction) => Promise<Result>,
  ) {
    return new Promise<Result>((resolve, reject) => {
      if (closed) {
        reject(new EventError('DISCONNECTED', { message: 'The store is closed.' }));
        return;
      }
      const end = (ended: Ended) =>
        'error' in ended ? reject(ended.error) : resolve(ended.result as Result);
      queue.push({ writes, run, end });
      draining ??= new Promise((done) => environment.scheduler.soon(() => void drain().then(done)));
    });
  }

  async function drain() {
    while (queue.length > 0) await runGroup();
    draining = undefined;
  }

  async function runGroup() {
    const group: { work: Work; ended: Ended }[] = [];
    const effects: Effect[] = [];
    const after: (() => void)[] = [];
    const until = environment.now() + groupMilliseconds;
    let next = head;
    let writing = false;
    try {
      while (group.length < groupSize && environment.now() <= until) {
        const work = queue.shift();
        if (!work) break;
        const entry = { work, ended: { error: undefined } as Ended };
        group.push(entry);
        if (work.writes && !writing) {
          await driver.begin();
          writing = true;
        }
        const transaction = openTransaction(next, work.writes);
        entry.ended = await attempt(work, transaction);
        transaction.close();
        if ('error' in entry.ended) continue;
        next = transaction.head;
        effects.push(...transaction.effects);
        after.push(...transaction.after);
      }
      if (writing) await driver.commit();
    } catch (cause) {
      // The store failed under the group: nothing of it happened, and nobody is told otherwise.
      await driver.rollback().catch(() => undefined);
      for (const { work } of group) work.end({ error: new EventError('INTERNAL', { cause }) });
      return;
    }
    head = next;
    if (effects.length > 0) onCommit(effects);
    for (const task of after) task();
    for (const { work, ended } of group) work.end(ended);
  }

  /** Runs one work; what a refused or late one has written is undone, and only that. */
  async function attempt(work: Work, transaction: OpenTransaction): Promise<Ended> {
    if (!work.writes) return withinTime(work.run(transaction));
    await driver.run('SAVEPOINT work');
    const ended = await withinTime(work.run(transaction));
    if ('error' in ended) await driver.run('ROLLBACK TO work');
    await driver.run('RELEASE work');
    return ended;
  }

  function withinTime(running: Promise<unknown>): Promise<Ended> {
    const late = () => ({ error: new EventError('TIMEOUT') });
    return within(environment, workMilliseconds, endOf(running), late);
  }

  function openTransaction(start: number, writes: boolean): OpenTransaction {
    let open = true;
    let position = start;
    const effects: Effect[] = [];
    const after: (() => void)[] = [];
    const whileOpen = () => {
      if (!open)
        throw new Error('This transaction is over: await everything before the handler returns.');
      return driver;
    };
    const whileWriting = () => {
      if (!writes)
        throw new Error('This work only reads. Declare the effect of the event as durable.');
      return whileOpen();
    };
    return {
      effects,
      after,
      get head() {
        return position;
      },
      first: async (sql, ...values) => whileOpen().first(sql, ...values),
      all: async (sql, ...values) => whileOpen().all(sql, ...values),
      run: async (sql, ...values) => whileWriting().run(sql, ...values),
      append: async (draft) => {
        const occurrence = { ...draft, data: compact(draft.data) };
        if (!occurrence.durable) {
          effects.push({ kind: 'occurrence', occurrence });
          return;
        }
        position += 1;
        effects.push({ kind: 'occurrence', occurrence: { ...occurrence, position } });
        const { name, chatId = null, seq = null, at, by, cause = null, topics } = occurrence;
        const role = 'role' in by ? by.role : null;
        const data = encodeData(occurrence.data);
        await whileWriting().run(
          'INSERT INTO event (position, chat_id, seq, name, at, by_id, by_role, cause, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          position,
          chatId,
          seq,
          name,
          at,
          by.id,
          role,
          cause,
          data,
        );
        for (const topic of topics) {
          await whileWriting().run(
            'INSERT INTO event_topic (topic, name, position) VALUES (?, ?, ?)',
            topic,
            name,
            position,
          );
        }
      },
      grant: (userId, topics) => effects.push({ kind: 'grant', userId, topics }),
      revoke: (userId, topics) => effects.push({ kind: 'revoke', userId, topics }),
      afterCommit: (task) => after.push(task),
      close: () => {
        open = false;
      },
    };
  }

  return {
    get head() {
      return head;
    },
    commit: (work) => enqueue(true, work),
    read: (work) => enqueue(false, work),
    settled: async () => {
      while (draining) await draining;
    },
    async [Symbol.asyncDispose]() {
      while (draining) await draining;
      closed = true;
      await driver[Symbol.asyncDispose]();
    },
  };
}

async function endOf(running: Promise<unknown>): Promise<Ended> {
  try {
    return { result: await running };
  } catch (error) {
    return { error };
  }
}
