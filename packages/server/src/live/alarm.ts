import type { Environment } from '../environment.ts';

/** Calls back when the earliest of the times it was set to has come. */
export interface Alarm extends Disposable {
  set(at: number): void;
}

/** `ring` does what is due and returns the time to ring next, if any. */
export function createAlarm(
  environment: Environment,
  ring: () => Promise<number | undefined>,
): Alarm {
  let earliest = Number.POSITIVE_INFINITY;
  let cancel: () => void = () => undefined;
  let disposed = false;

  function set(at: number) {
    if (disposed || at >= earliest) return;
    earliest = at;
    cancel();
    cancel = environment.scheduler.after(at - environment.now(), () => void wake());
  }

  async function wake() {
    earliest = Number.POSITIVE_INFINITY;
    const next = await ring();
    if (next !== undefined) set(next);
  }

  return {
    set,
    [Symbol.dispose]() {
      disposed = true;
      cancel();
    },
  };
}
