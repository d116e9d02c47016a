import { setImmediate as nextTurn } from 'node:timers/promises';

import { type Environment, systemEnvironment } from '@parley/server';

/** An environment whose clock stands still until a test moves it. What is due soon still runs by itself. */
export interface VirtualEnvironment extends Environment {
  /** Moves the clock on; each timer runs at its own time and has its work done before the next. */
  advance(milliseconds: number): Promise<void>;
  /** Waits until no work that the server began by itself is left. */
  settle(): Promise<void>;
}

interface Timer {
  at: number;
  task: () => void;
}

/** The turns of the event loop without any work after which there is none left. */
const idleTurns = 5;

export function createVirtualEnvironment(start = new Date('2026-01-01T10:00:00Z')) {
  let now = start.getTime();
  let soon = 0;
  const timers = new Set<Timer>();

  async function settle() {
    for (let idle = 0; idle < idleTurns; idle += 1) {
      await nextTurn();
      if (soon > 0) idle = 0;
    }
  }

  const environment: VirtualEnvironment = {
    now: () => now,
    random: systemEnvironment.random,
    scheduler: {
      soon(task) {
        soon += 1;
        setImmediate(() => {
          soon -= 1;
          task();
        });
      },
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
        const [next] = due.toSorted((left, right) => left.at - right.at);
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.task();
        await settle();
      }
      now = until;
    },
  };
  return environment;
}
