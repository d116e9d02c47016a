import { randomBytes } from 'node:crypto';

/** Where chance comes from. */
export interface Random {
  bytes(size: number): Uint8Array;
}

/** When things run later. */
export interface Scheduler {
  /** Runs the task once what is at hand now is done. */
  soon(task: () => void): void;
  /** Runs the task after so many milliseconds, unless the returned function is called before. */
  after(milliseconds: number, task: () => void): () => void;
}

/** All that is not deterministic. Tests and the simulator bring their own. */
export interface Environment {
  /** Milliseconds since 1970. */
  now(): number;
  random: Random;
  scheduler: Scheduler;
  /** Whether threads may take work over; they keep a time of their own. */
  threads?: boolean;
}

/** Longer waits overflow setTimeout; whoever waits longer checks the clock when woken. */
const longestTimeout = 2 ** 31 - 1;

export const systemEnvironment: Environment = {
  now: () => Date.now(),
  random: { bytes: (size) => randomBytes(size) },
  threads: true,
  scheduler: {
    soon: (task) => void setImmediate(task),
    after: (milliseconds, task) => {
      const timeout = setTimeout(task, Math.min(Math.max(milliseconds, 0), longestTimeout));
      return () => clearTimeout(timeout);
    },
  },
};

/** What the promise gives, or `late` when that takes longer than so many milliseconds. */
export async function within<Result, Late>(
  { scheduler }: Environment,
  milliseconds: number,
  promise: Promise<Result>,
  late: () => Late,
): Promise<Result | Late> {
  const limit = Promise.withResolvers<Late>();
  const cancel = scheduler.after(milliseconds, () => limit.resolve(late()));
  try {
    return await Promise.race([promise, limit.promise]);
  } finally {
    cancel();
  }
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id such as `c_2r8f…`: the prefix and 100 random bits. */
export function createId(prefix: string, random: Random): string {
  const characters = [prefix, '_'];
  for (const byte of random.bytes(20)) characters.push(alphabet.charAt(byte & 31));
  return characters.join('');
}
