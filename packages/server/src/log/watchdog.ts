import type { Environment } from '../environment.ts';

/** Watches over one thing after another, with one timer for all, so that what ends in time costs next to nothing. */
export interface Watchdog extends Disposable {
  /** Watches over something new; calls back when it has taken too long and nothing newer has begun. */
  watch(late: () => void): void;
}

export function createWatchdog(environment: Environment, milliseconds: number): Watchdog {
  let began = 0;
  let late: () => void = () => undefined;
  let cancel: (() => void) | undefined;

  function look() {
    const left = began + milliseconds - environment.now();
    cancel = undefined;
    if (left > 0) cancel = environment.scheduler.after(left, look);
    else late();
  }

  return {
    watch(callback) {
      began = environment.now();
      late = callback;
      cancel ??= environment.scheduler.after(milliseconds, look);
    },
    [Symbol.dispose]: () => cancel?.(),
  };
}
