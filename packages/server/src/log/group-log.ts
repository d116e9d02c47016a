import type { Environment } from '../environment.ts';
import { EventError } from '../event-error.ts';
import { Draft, type Statement } from './draft.ts';
import type { Driver } from './driver.ts';
import { indexOfChat, YoungEvents } from './event-index.ts';
import type { CommitListener, Log, Transaction } from './log.ts';
import { Memory } from './memory.ts';
import { type Group, OpenTransaction } from './open-transaction.ts';
import { Tally } from '../observe/tally.ts';
import { Reach, readExtent } from './reach.ts';
import { openReplies } from '../tables/replies.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

/** The most works, and the longest time in milliseconds, that one transaction gathers. */
const groupSize = 256;
const groupMilliseconds = 5;

/** For how long groups are written in a row while the next one is full, in milliseconds. */
const fullMilliseconds = 100;

/** So many works do not wait for more when somebody else has written the group before them. */
const fewestAtOnce = 4;

/**
 * So many works are written here and now, and fewer by somebody else if there is anybody: when more comes in than can be
 * done, the turns that pass meanwhile bring more to refuse.
 */
const fewestHere = 96;

/** How long a work may take, in milliseconds, before it is given up so that others can go on. */
const workMilliseconds = 5000;

/** How many values of the store are remembered, such as chats. */
const memorySize = 20_000;

type Ended = { result: unknown } | { error: unknown };

interface Work {
  writes: boolean;
  /** When it came, in milliseconds since 1970. */
  since: number;
  run(transaction: Transaction): Promise<unknown>;
  end(ended: Ended): void;
}

export interface GroupLogOptions {
  driver: Driver;
  environment: Environment;
  onCommit: CommitListener;
  /** Counts commits. */
  tally?: Tally;
}

/** A log that commits in groups: works that arrive while one group is written make up the next. */
export async function openGroupLog({
  driver,
  environment,
  onCommit,
  tally = new Tally(),
}: GroupLogOptions): Promise<Log> {
  const extent = await readExtent(driver);
  let { head } = extent;
  const young = await YoungEvents.read(driver, head);
  const replies = await openReplies(driver);
  const reach = await Reach.open(driver, environment.random, extent);
  const memory = new Memory(memorySize);
  const queue: Work[] = [];
  let draining: Promise<void> | undefined;
  let handedIn = 0;
  let closed = false;
  let isSick = false;

  function enqueue<Result>(writes: boolean, run: (transaction: Transaction) => Promise<Result>) {
    return new Promise<Result>((resolve, reject) => {
      if (closed) {
        reject(new EventError('DISCONNECTED', { message: 'The store is closed.' }));
        return;
      }
      const end = (ended: Ended) =>
        'error' in ended ? reject(ended.error) : resolve(ended.result as Result);
      handedIn += 1;
      queue.push({ writes, since: environment.now(), run, end });
      draining ??= new Promise((done) => environment.scheduler.soon(() => void drain().then(done)));
    });
  }

  async function drain() {
    for (let fullSince: number | undefined; queue.length > 0;) {
      let turned = false;
      environment.scheduler.soon(() => (turned = true));
      await runGroup();
      // Replies go out and sends come in between groups, so that the next one is larger. What is full already waits for that
      // only now and then: when more comes in than can be done, each turn brings much to refuse. Nor do a few works wait
      // when somebody else wrote the last group: what that one brought goes out while the next one is written.
      const now = environment.now();
      const isFull = queue.length >= groupSize && now < (fullSince ?? now) + fullMilliseconds;
      fullSince = isFull ? (fullSince ?? now) : undefined;
      const followsAtOnce = turned && queue.length >= fewestAtOnce;
      if (!isFull && !followsAtOnce) await turn();
    }
    draining = undefined;
  }

  const turn = () => new Promise<void>((done) => environment.scheduler.soon(done));

  async function runGroup() {
    const works: Work[] = [];
    const ends: Ended[] = [];
    const draft = new Draft(head);
    let hasBegun = false;
    const committed = tally.beginCommit();
    let failure: { cause: unknown } | undefined;
    /** When the store fails, so does the group, whatever a work makes of it. */
    const orFail = (step: () => Promise<void>) => async () => {
      try {
        await step();
      } catch (cause) {
        failure = { cause };
        throw cause;
      }
    };
    const begin = orFail(async () => {
      if (hasBegun) return;
      hasBegun = true;
      await driver.begin();
    });
    const flush = orFail(() => driver.runAll(draft.takeStatements()));
    const group: Group = {
      driver,
      draft,
      begin,
      flush,
      recall: (key) => memory.get(key),
      youngOf: (chatId) => young.of(chatId),
    };
    // Works that are there already are no reason to end a group early.
    const atLeast = Math.min(queue.length, groupSize);
    const until = environment.now() + groupMilliseconds;
    using watchdog = createWatchdog(environment, workMilliseconds);
    try {
      await driver.ready();
      while (works.length < atLeast || (works.length < groupSize && environment.now() <= until)) {
        const work = queue.shift();
        if (!work) break;
        works.push(work);
        if (work.writes && !driver.isExclusive) await begin();
        ends.push(await attempt(group, work, watchdog));
        if (failure) throw failure.cause;
      }
      if (draft.hasStatements || hasBegun) {
        indexGrownUp(draft);
        if (works.length >= fewestHere) await begin();
        await write(draft.takeStatements(), hasBegun);
        committed(works.length);
        isSick = false;
      }
    } catch (cause) {
      // The store failed under the group: nothing of it happened, and nobody is told otherwise.
      tally.failedCommits += 1;
      isSick = true;
      replies.groupFailed();
      await driver.rollback().catch(() => undefined);
      for (const work of works) work.end({ error: new EventError('INTERNAL', { cause }) });
      return;
    }
    head = draft.head;
    if (driver.isExclusive) {
      for (const [key, value] of draft.memories) memory.set(key, value);
    }
    for (const [chatId, change] of draft.young) young.change(chatId, change);
    if (draft.effects.length > 0) onCommit(draft.effects);
    for (const task of draft.after) task();
    for (const [index, work] of works.entries()) work.end(ends[index] ?? { error: undefined });
  }

  /** Most groups need nothing of the store until they write, so that somebody else can do it. */
  async function write(statements: readonly Statement[], hasBegun: boolean) {
    if (!hasBegun) return driver.commitAll(statements);
    await driver.runAll(statements);
    await driver.commit();
  }

  /** Puts events into the index of their chat that have been young for long enough. */
  function indexGrownUp(draft: Draft) {
    for (const chatId of young.grownUp(draft.head)) {
      const events = draft.youngAfter(chatId, [young.of(chatId)]).flat();
      if (events.length > 0) draft.putOff(indexOfChat(events));
      draft.young.set(chatId, { isAfterAll: true, added: [] });
    }
  }

  /** Runs one work; what a refused or late one has written is undone, and only that. */
  async function attempt(group: Group, work: Work, watchdog: Watchdog): Promise<Ended> {
    const transaction = new OpenTransaction(group, work.writes);
    const ended = await new Promise<Ended>((end) => {
      watchdog.watch(() => end({ error: new EventError('TIMEOUT') }));
      work.run(transaction).then(
        (result) => end({ result }),
        (error: unknown) => end({ error }),
      );
    });
    const released = transaction.end(!('error' in ended));
    if (released) await released;
    return ended;
  }

  return {
    get head() {
      return head;
    },
    get isSick() {
      return isSick;
    },
    get handedIn() {
      return handedIn;
    },
    get waiting() {
      return queue.length;
    },
    get waitingSince() {
      return queue[0]?.since;
    },
    replies,
    reach,
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
