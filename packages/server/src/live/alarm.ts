import type { Environment } from '../environment.ts';

/** Calls back when the earliest of the times it was set to has come. */
export interface Alarm extends Disposable {
  set(at: number): void;
}

export interface AlarmOptions {
  environment: Environment;
  /** Does what is due and returns the time to ring next, if any. */
  ring(): Promise<number | undefined>;
  onError(error: unknown): void;
}

export function createAlarm({ environment, ring, onError }: AlarmOptions): Alarm {
  let earliest = Number.POSITIVE_INFINITY;
  let cancel: () => void = () => undefined;
  let disposed = false;

  function set(at: number) {
    if (disposed || at >= earliest) return;
    earliest = at;
    cancel();
    cancel = environment.scheduler.after(at - environment.now(), () => void wake().catch(onError));
  }

  async function wake() {
    const wanted = earliest;
    earliest = Number.POSITIVE_INFINITY;
    // A timer can fire early: by a hair, or because no timer waits as long as was wanted.
    const next = environment.now() < wanted ? wanted : await ring();
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
