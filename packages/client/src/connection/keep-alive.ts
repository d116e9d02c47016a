import type { Scheduler } from '../environment.ts';

/** How long after a sign of life the next one is asked for, and how long it may take, in milliseconds. */
const pingMilliseconds = 25_000;
const pongMilliseconds = 8_000;

export interface KeepAlive {
  /** Something came from the other side. */
  heard(): void;
  stop(): void;
}

export interface KeepAliveOptions {
  scheduler: Scheduler;
  /** Asks the other side for a sign of life. */
  ping(): void;
  /** None came. */
  onSilence(): void;
}

/** Finds a connection that is dead though nobody closed it. Costs nothing per message. */
export function keepAlive({ scheduler, ping, onSilence }: KeepAliveOptions): KeepAlive {
  let silent = false;
  let cancel = scheduler.after(pingMilliseconds, ask);

  function ask() {
    silent = true;
    cancel = scheduler.after(pongMilliseconds, check);
    ping();
  }

  function check() {
    if (silent) onSilence();
    else cancel = scheduler.after(pingMilliseconds, ask);
  }

  return {
    heard() {
      silent = false;
    },
    stop: () => cancel(),
  };
}
