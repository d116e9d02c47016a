/** Where chance comes from. */
export interface Random {
  bytes(size: number): Uint8Array;
}

/** When things run later. */
export interface Scheduler {
  /** Runs the task after so many milliseconds, unless the returned function is called before. */
  after(milliseconds: number, task: () => void): () => void;
}

/** All that the client takes from the platform. */
export interface Environment {
  /** Milliseconds since 1970. */
  now(): number;
  random: Random;
  scheduler: Scheduler;
  /** Runs the task when the platform says that it is online again, unless the returned function is called before. */
  whenOnline(task: () => void): () => void;
  /** Makes an error heard that nobody waits for, such as one thrown by a listener. */
  report(error: unknown): void;
}

export const platformEnvironment: Environment = {
  now: () => Date.now(),
  random: { bytes: (size) => crypto.getRandomValues(new Uint8Array(size)) },
  scheduler: {
    after: (milliseconds, task) => {
      const timeout = setTimeout(task, milliseconds);
      return () => clearTimeout(timeout);
    },
  },
  whenOnline(task) {
    // Only browsers say it.
    if (typeof addEventListener !== 'function') return () => {};
    addEventListener('online', task, { once: true });
    return () => removeEventListener('online', task);
  },
  report(error) {
    // Node has no reportError; there an error thrown from a microtask is an uncaught exception.
    if (typeof reportError === 'function') reportError(error);
    else
      queueMicrotask(() => {
        throw error;
      });
  },
};
