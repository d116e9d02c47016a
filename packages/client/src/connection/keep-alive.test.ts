import { describe, expect, it } from 'vitest';

import { keepAlive } from './keep-alive.ts';

/** A kept-alive connection on a clock that the test moves. */
function start() {
  const events: string[] = [];
  let now = 0;
  let timers: { at: number; task: () => void }[] = [];
  const kept = keepAlive({
    scheduler: {
      after(milliseconds, task) {
        const timer = { at: now + milliseconds, task };
        timers.push(timer);
        return () => {
          timers = timers.filter((each) => each !== timer);
        };
      },
    },
    ping: () => events.push(`ping at ${now}`),
    onSilence: () => events.push(`silence at ${now}`),
  });
  return {
    ...kept,
    events,
    waiting: () => timers.length,
    moveTo(time: number) {
      for (;;) {
        const next = timers.filter(({ at }) => at <= time).toSorted((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((each) => each !== next);
        now = next.at;
        next.task();
      }
      now = time;
    },
  };
}

describe('a connection that is kept alive', () => {
  it('is asked for a sign of life, and is dead when none comes in time', () => {
    const { events, moveTo, waiting } = start();
    moveTo(32_999);
    expect(events).toEqual(['ping at 25000']);
    moveTo(33_000);
    expect(events).toEqual(['ping at 25000', 'silence at 33000']);
    expect(waiting()).toBe(0);
  });

  it('is asked again and again while it answers', () => {
    const { events, moveTo, heard } = start();
    for (const answered of [26_000, 59_000, 92_000]) {
      moveTo(answered);
      heard();
    }
    moveTo(100_000);
    expect(events).toEqual(['ping at 25000', 'ping at 58000', 'ping at 91000']);
  });

  it('is dead also when it was heard just before it was asked', () => {
    const { events, moveTo, heard } = start();
    moveTo(24_999);
    heard();
    moveTo(40_000);
    expect(events).toEqual(['ping at 25000', 'silence at 33000']);
  });

  it('is left alone once it is stopped', () => {
    for (const time of [0, 26_000]) {
      const { events, moveTo, stop, waiting } = start();
      moveTo(time);
      stop();
      moveTo(100_000);
      expect(events).not.toContainEqual(expect.stringContaining('silence'));
      expect(waiting()).toBe(0);
    }
  });
});
