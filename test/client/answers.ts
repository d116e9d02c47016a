import { isEventError } from '@parley/client';

/** A reply or an answer of a subscription, as it is on the wire. */
export const data = (json: unknown, id?: string) => ({
  result: { type: 'data', data: { json }, ...(id !== undefined && { id }) },
});

/** How a send ends: `resolved`, the code of its error, or what else it rejects with. */
export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (isEventError(error) ? error.code : error),
  );

/** A scheduler whose timers the test ends. */
export function manualScheduler() {
  const timers = new Set<{ milliseconds: number; task: () => void }>();
  return {
    after(milliseconds: number, task: () => void) {
      const timer = { milliseconds, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    /** Ends the timers of which this is true of their length; all unless told. */
    fireAll(isDue: (milliseconds: number) => boolean = () => true) {
      for (const timer of [...timers]) {
        if (!isDue(timer.milliseconds) || !timers.delete(timer)) continue;
        timer.task();
      }
    },
    waiting: () => Array.from(timers, ({ milliseconds }) => milliseconds),
  };
}
