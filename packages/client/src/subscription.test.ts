import type { ListenInput, Occurrence } from '@parley/contract/wire';
import { describe, expect, it, vi } from 'vitest';

import { platformEnvironment } from './environment.ts';
import { disconnected, EventError } from './errors.ts';
import { Subscription } from './subscription.ts';

/** A subscription whose wire and timers are in the test's hands. */
function start({ cursor }: { cursor?: string } = {}) {
  /** The inputs of the wire subscriptions that were started, in their order. */
  const started: ListenInput[] = [];
  let running = 0;
  const timers: { milliseconds: number; task: () => void }[] = [];
  const report = vi.fn<(error: unknown) => void>();
  const onResync = vi.fn<(reason: string) => void>();
  const onBegun = vi.fn<() => void>();
  const subscription = new Subscription<'notes:new', string>({
    cursor,
    listen(hearer) {
      started.push(hearer.input());
      running += 1;
      return () => (running -= 1);
    },
    onHeard: () => {},
    onResync,
    onBegun,
    environment: {
      ...platformEnvironment,
      random: { bytes: (size) => new Uint8Array(size).fill(128) },
      scheduler: {
        after(milliseconds, task) {
          const timer = { milliseconds, task };
          timers.push(timer);
          return () => timers.splice(timers.indexOf(timer), 1);
        },
      },
      report,
    },
  });
  const hear = (position?: number) => subscription.hear(occurrence(position));
  return {
    subscription,
    started,
    timers,
    report,
    onResync,
    onBegun,
    hear,
    running: () => running,
  };
}

const occurrence = (position?: number): Occurrence<'notes:new', string> => ({
  name: 'notes:new',
  at: new Date(0),
  by: { id: 'system' },
  data: `note ${position}`,
  ...(position !== undefined && { position }),
});

const refusal = (code: string, retryable: boolean, retryAfterMs?: number) =>
  new EventError({ code, message: code, data: undefined, retryable, retryAfterMs });

describe('a subscription', () => {
  it('runs on the wire once while there are listeners', () => {
    const { subscription, started, running } = start();
    const removeFirst = subscription.add(() => {});
    const removeSecond = subscription.add(() => {});
    expect(started).toEqual([{}]);
    removeFirst();
    expect(running()).toBe(1);
    removeSecond();
    expect(running()).toBe(0);
  });

  it('drops what was heard before, and nothing that has no position', () => {
    const { subscription, hear } = start();
    const listener = vi.fn<(data: string) => void>();
    subscription.add((data) => listener(data));
    for (const position of [4, 5, undefined, 4, 5, undefined, 6]) hear(position);
    const heard = listener.mock.calls.map(([data]) => data);
    expect(heard).toEqual(['note 4', 'note 5', 'note undefined', 'note undefined', 'note 6']);
  });

  it('starts after the given cursor, and later where its last listener left', () => {
    const { subscription, started, hear } = start({ cursor: '7' });
    const remove = subscription.add(() => {});
    hear(9);
    remove();
    subscription.add(() => {});
    expect(started).toEqual([{ lastEventId: '7' }, { lastEventId: '9' }]);
  });

  it('starts after the cursor that its first listener gives, and live when that has left', () => {
    const { subscription, started, hear } = start();
    const remove = subscription.add(() => {}, { cursor: '7' });
    const removeOther = subscription.add(() => {}, { cursor: '8' });
    hear(9);
    remove();
    removeOther();
    subscription.add(() => {});
    expect(started).toEqual([{ lastEventId: '7' }, {}]);
  });

  it('has another one behind it for who wants to hear what it has heard, for as long as there is somebody', () => {
    const { subscription, started, hear, running } = start();
    const other = vi.fn<() => void>();
    subscription.add(() => {}, { cursor: '7' });
    hear(9);
    subscription.add(() => {}, { cursor: '9' });
    subscription.add(() => {});
    expect(started).toHaveLength(1);
    subscription.add(other, { cursor: '8@epoch' });
    subscription.add(other, { cursor: '9' });
    expect(started).toEqual([{ lastEventId: '7' }, { lastEventId: '8@epoch' }]);
    expect(subscription.place).toBe('8@epoch');
    hear(10);
    expect(other).not.toHaveBeenCalled();
    subscription.remove(other);
    expect(running()).toBe(1);
    expect(subscription.place).toBe('10');
  });

  it('has another one behind it for who wants to hear more than the given cursor says', () => {
    const { subscription, started } = start({ cursor: '7' });
    subscription.add(() => {}, { cursor: '3' });
    subscription.add(() => {});
    expect(started).toEqual([{ lastEventId: '3' }, { lastEventId: '7' }]);
  });

  it('has the cursor behind an occurrence only when its listeners have run', () => {
    const { subscription, hear } = start({ cursor: '7' });
    const cursors: unknown[] = [];
    subscription.add(() => void cursors.push(subscription.cursor));
    subscription.add(() => void cursors.push(subscription.cursor));
    hear(9);
    expect(cursors).toEqual(['7', '7']);
    expect(subscription.cursor).toBe('9');
  });

  it('goes on in the epoch that the server began in, wherever it was before', () => {
    const { subscription, hear } = start({ cursor: '7@old' });
    subscription.add(() => {});
    expect(subscription.input()).toEqual({ lastEventId: '7@old' });
    subscription.begin('7@new');
    hear(9);
    expect(subscription.cursor).toBe('9@new');
    subscription.begin('9@newer');
    expect(subscription.input()).toEqual({ lastEventId: '9@newer' });
  });

  it('starts anew when the server cannot go on, and hears what has a smaller position', () => {
    const { subscription, started, hear, report, onResync, onBegun } = start({ cursor: '70@old' });
    const heard: string[] = [];
    subscription.add((note) => void heard.push(note));
    const data = { reason: 'store' };
    const error = new EventError({ code: 'RESYNC', message: '', data, retryable: false });
    subscription.fail(error);
    expect(started).toEqual([{ lastEventId: '70@old' }, {}]);
    expect(onResync.mock.calls).toEqual([['store']]);
    subscription.begin('3@other');
    expect(onBegun).toHaveBeenCalledTimes(1);
    expect(onResync).toHaveBeenCalledTimes(1);
    hear(4);
    expect([heard, subscription.cursor]).toEqual([['note 4'], '4@other']);
    expect(report).not.toHaveBeenCalled();
  });

  it('starts live again after its last listener left when no cursor was given', () => {
    const { subscription, started, hear } = start();
    const remove = subscription.add(() => remove());
    hear(9);
    subscription.add(() => {});
    expect(started).toEqual([{}, {}]);
  });

  it('goes on after what it heard when the server ended it, as soon as the server allows', () => {
    const { subscription, started, timers, hear } = start();
    subscription.add(() => {});
    hear(3);
    subscription.fail(refusal('OVERLOADED', true, 700));
    expect(timers).toMatchObject([{ milliseconds: 1052 }]);
    timers[0]?.task();
    expect(started).toEqual([{}, { lastEventId: '3' }]);
  });

  it('waits longer for each try that fails, until something is heard', () => {
    const { subscription, timers, hear } = start();
    subscription.add(() => {});
    for (const _ of [1, 2, 3]) {
      subscription.fail(disconnected('closed'));
      timers.at(-1)?.task();
    }
    hear(1);
    subscription.fail(disconnected('closed'));
    const waits = timers.map(({ milliseconds }) => milliseconds);
    expect(waits).toEqual([1003, 2007, 4015, 1003]);
  });

  it('forgets the next try when the last listener leaves', () => {
    const { subscription, timers } = start();
    const remove = subscription.add(() => {});
    subscription.fail(disconnected('closed'));
    remove();
    expect(timers).toEqual([]);
  });

  it('stays refused until the next connection, and says why', () => {
    const { subscription, started, timers, report } = start();
    subscription.add(() => {});
    const error = refusal('FORBIDDEN', false);
    subscription.fail(error);
    expect(report).toHaveBeenCalledExactlyOnceWith(error);
    expect(timers).toEqual([]);
    subscription.start();
    subscription.start();
    expect(started).toEqual([{}, {}]);
  });

  it('reports neither what the status tells nor what is tried again', () => {
    const { subscription, report } = start();
    subscription.add(() => {});
    subscription.fail(refusal('UNAUTHORIZED', false));
    subscription.fail(disconnected('closed'));
    expect(report).not.toHaveBeenCalled();
  });

  it('starts again where the server began, though nothing was heard since', () => {
    const { subscription, started } = start();
    subscription.add(() => {});
    subscription.begin('7');
    subscription.fail(refusal('INTERNAL', true));
    subscription.start();
    expect(started).toEqual([{}]);
    expect(subscription.input()).toEqual({ lastEventId: '7' });
  });

  it('goes on from where it has heard when the server says there was more', () => {
    const { subscription, started, hear, running } = start({ cursor: '1' });
    const heard: string[] = [];
    subscription.add((note) => void heard.push(note));
    hear(4);
    subscription.progress(4, 6);
    expect(started).toEqual([{ lastEventId: '1' }]);
    subscription.progress(9, 12);
    expect(started).toEqual([{ lastEventId: '1' }, { lastEventId: '6' }]);
    expect(running()).toBe(1);
    hear(9);
    subscription.progress(9, 12);
    expect(heard).toEqual(['note 4', 'note 9']);
    expect(subscription.input()).toEqual({ lastEventId: '12' });
  });
});
