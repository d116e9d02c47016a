import type { Environment } from './environment.ts';
import { createAlarm } from './live/alarm.ts';
import { forgetEvents } from './log/forget-events.ts';
import type { Log } from './log/log.ts';
import { historyEvent } from './tables/messages.ts';

const dayMilliseconds = 86_400_000;

/** How long after a slice the next one is taken, and how long after all of them there may be more. */
const pauseMilliseconds = 50;
const restMilliseconds = 600_000;

export interface RetentionOptions {
  environment: Environment;
  log: Log;
  /** For how many days the log can be replayed, at least; 0 is without end. */
  retainDays: number;
  onError(error: unknown): void;
}

/** Keys are promised to count for a day. */
export function checkRetainDays(retainDays: number): number {
  if (retainDays === 0 || retainDays >= 1) return retainDays;
  throw new Error(`retainDays is ${retainDays}. Use 1 or more, or 0 to keep everything.`);
}

/** Forgets what is older than the log is kept, a little at a time. Messages stay, for they are history. */
export function createRetention(options: RetentionOptions): AsyncDisposable {
  const { environment, log, retainDays, onError } = options;
  const alarm = createAlarm({ environment, ring, onError });
  let forgottenUpTo = log.reach.horizon;
  let stopped = false;

  async function ring(): Promise<number> {
    const isMore = !stopped && (await takeSlice().catch(onError));
    return environment.now() + (isMore ? pauseMilliseconds : restMilliseconds);
  }

  /** Whether there may be more. */
  async function takeSlice(): Promise<boolean> {
    const until = environment.now() - retainDays * dayMilliseconds;
    const { reach, replies } = log;
    const { upTo = forgottenUpTo, isMore } = await log.commit(async (transaction) => {
      const events = await forgetEvents(transaction, {
        reach,
        after: forgottenUpTo,
        until,
        kept: historyEvent,
      });
      const areMoreReplies = await replies.forget(transaction, events?.gone ?? [], until);
      return { upTo: events?.upTo, isMore: areMoreReplies || events?.isFull === true };
    });
    forgottenUpTo = upTo;
    return isMore;
  }

  if (retainDays > 0) alarm.set(environment.now());

  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      alarm[Symbol.dispose]();
      await log.settled();
    },
  };
}
