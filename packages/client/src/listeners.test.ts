import { describe, expect, it, vi } from 'vitest';

import { Listeners } from './listeners.ts';

describe('Listeners', () => {
  const report = vi.fn<(error: unknown) => void>();
  const start = (onEmpty = () => {}) => new Listeners<[number]>({ report, onEmpty });

  it('calls listeners in the order they were added', () => {
    const listeners = start();
    const heard: string[] = [];
    listeners.add((value) => heard.push(`first ${value}`));
    listeners.add((value) => heard.push(`second ${value}`));
    listeners.call(1);
    expect(heard).toEqual(['first 1', 'second 1']);
  });

  it('counts the same listener once, and one removal is enough', () => {
    const listeners = start();
    const listener = vi.fn<(value: number) => void>();
    listeners.add(listener);
    listeners.add(listener);
    listeners.call(1);
    expect(listener).toHaveBeenCalledTimes(1);
    listeners.remove(listener);
    expect(listeners.size).toBe(0);
  });

  it('removes with the returned function only what that function came with', () => {
    const listeners = start();
    const listener = () => {};
    const removeFirst = listeners.add(listener);
    removeFirst();
    listeners.add(listener);
    removeFirst();
    expect(listeners.size).toBe(1);
  });

  it('removes a listener when its signal is aborted, whichever of the signals it was added with', () => {
    const listeners = start();
    const listener = () => {};
    const [first, second] = [new AbortController(), new AbortController()];
    listeners.add(listener, first.signal);
    listeners.add(listener, second.signal);
    second.abort();
    expect(listeners.size).toBe(0);
  });

  it('adds nothing under a signal that is aborted already', () => {
    const listeners = start();
    listeners.add(() => {}, AbortSignal.abort());
    expect(listeners.size).toBe(0);
  });

  it('reports what a listener throws and calls the others', () => {
    const listeners = start();
    const error = new Error('broken listener');
    const after = vi.fn<(value: number) => void>();
    listeners.add(() => {
      throw error;
    });
    listeners.add(after);
    listeners.call(1);
    expect(after).toHaveBeenCalledWith(1);
    expect(report).toHaveBeenCalledWith(error);
  });

  it('does not call a listener that an earlier one removed, nor one that it added', () => {
    const listeners = start();
    const removed = vi.fn<(value: number) => void>();
    const added = vi.fn<(value: number) => void>();
    listeners.add(() => {
      listeners.remove(removed);
      listeners.add(added);
    });
    listeners.add(removed);
    listeners.call(1);
    expect(removed).not.toHaveBeenCalled();
    expect(added).not.toHaveBeenCalled();
  });

  it('says once when the last listener has gone', () => {
    const onEmpty = vi.fn<() => void>();
    const listeners = start(onEmpty);
    const remove = listeners.add(() => {});
    listeners.add(() => {});
    remove();
    expect(onEmpty).not.toHaveBeenCalled();
    listeners.remove();
    listeners.remove();
    expect(onEmpty).toHaveBeenCalledTimes(1);
  });
});
