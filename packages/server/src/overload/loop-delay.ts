import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop comes to what is due. */
export interface LoopDelay extends Disposable {
  /** In milliseconds, what 99 of 100 looks since the last call did not exceed. */
  take(): number;
}

/** How often it is looked at, in milliseconds; a look that is on time counts as no delay. */
const resolution = 10;

export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  return {
    take() {
      const delay = histogram.percentile(99) / 1e6 - resolution;
      histogram.reset();
      return Math.max(delay, 0);
    },
    [Symbol.dispose]: () => void histogram.disable(),
  };
}
