import { type Environment, type Random, within } from '../environment.ts';
import type { Guest, SocketHandler } from './socket-handler.ts';

export interface DrainOptions {
  handler: SocketHandler;
  environment: Environment;
  /** How long it may take. */
  milliseconds: number;
  /** How many clients are told to go in a second: as many as a server takes. More when there is no time for that. */
  perSecond: number;
  /** Whether there is no server to go to, so that nobody is waited for. */
  isAlone: boolean;
}

/** How many times a second some are told to go. */
const slicesPerSecond = 10;

/** How long clients of ours may take to begin with it, and then to be gone, in milliseconds. */
const leavingMilliseconds = 3000;

/** How often it is looked whether all have gone, in milliseconds. */
const lookMilliseconds = 50;

/**
 * Sends all clients away, in random slices so that they do not come to other servers at once, and answers what they have
 * sent. Whoever is still there at the end is to be closed.
 */
export async function drain(options: DrainOptions): Promise<void> {
  const { handler, environment, milliseconds, isAlone } = options;
  const endsAt = environment.now() + milliseconds;
  const left = () => Math.max(endsAt - environment.now(), 0);
  await sendAllAway(options);
  if (!isAlone) await untilGone(options, Math.min(left(), leavingMilliseconds));
  await within(environment, left(), handler.finish(), () => undefined);
}

/** Takes half of the time at most. */
async function sendAllAway({ handler, environment, milliseconds, perSecond }: DrainOptions) {
  const guests = shuffled(handler.open, environment.random);
  const mostSlices = Math.max(Math.floor((milliseconds / 2000) * slicesPerSecond), 1);
  const size = Math.max(perSecond / slicesPerSecond, guests.length / mostSlices, 1);
  for (let sent = 0; sent < guests.length; sent += size) {
    if (sent > 0) await pause(environment, 1000 / slicesPerSecond);
    for (const guest of guests.slice(sent, sent + size)) guest.sendAway();
  }
}

async function untilGone({ handler, environment }: DrainOptions, milliseconds: number) {
  const until = environment.now() + milliseconds;
  while (handler.open.length > 0 && environment.now() < until) {
    await pause(environment, lookMilliseconds);
  }
}

function pause({ scheduler }: Environment, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void scheduler.after(milliseconds, resolve));
}

function shuffled(guests: readonly Guest[], { bytes }: Random): Guest[] {
  const ranked = guests.map((guest) => ({ guest, rank: Buffer.from(bytes(6)).readUIntBE(0, 6) }));
  return ranked.toSorted((one, other) => one.rank - other.rank).map(({ guest }) => guest);
}
