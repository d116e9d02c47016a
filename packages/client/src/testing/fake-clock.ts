import type { Scheduler } from '../environment.ts';

/** A clock that stands still until a test moves it. */
export interface FakeClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves the clock on; each timer runs at its own time and has its consequences before the next. */
  advance(milliseconds: number): Promise<void>;
  /** Waits until all that is to be said and done at this moment is. */
  settle(): Promise<void>;
  readonly scheduler: Scheduler;
}

interface Timer {
  at: number;
  task: () => void;
}

export function createFakeClock(start: Date): FakeClock {
  let now = start.getTime();
  const timers = new Set<Timer>();

  return {
    now: () => now,
    scheduler: {
      after(milliseconds, task) {
        const timer = { at: now + Math.max(milliseconds, 0), task };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
    settle,
    async advance(milliseconds) {
      await settle();
      const until = now + milliseconds;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= until);
        const [next] = due.toSorted((one, other) => one.at - other.at);
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.task();
        await settle();
      }
      now = until;
    },
  };
}

/** More promises than lead one to the other between a frame and the last that it brings about. */
const hops = 200;

/** All that client and server do by themselves is done in microtasks; a turn of the event loop would take longer. */
async function settle(): Promise<void> {
  for (let hop = 0; hop < hops; hop += 1) await undefined;
}
