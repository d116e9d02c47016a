import type { Role } from '@parley/contract';

import type { Session } from './access/session.ts';
import { EventError } from './event-error.ts';
import { type LimitName, type Limits, limitTable, type ObserveLimit } from './limits.ts';
import { Rate } from './rate.ts';

/** What is under way on a connection. */
export interface Load {
  sends: number;
  subscriptions: number;
}

export interface GuardOptions {
  limits: Limits;
  onLimit: ObserveLimit;
}

/** How long to wait before another send when as many as may be are under way, in milliseconds. */
const inFlightRetryMilliseconds = 100;

/** From so many users on those who have been quiet are forgotten. */
const manyUsers = 1_024;

/** Holds connections and users to the limits, whichever socket they come by. */
export class Guard {
  readonly limits: Limits;
  readonly #frames: Rate;
  readonly #customerSends: Rate;
  readonly #agentSends: Rate;
  readonly #onLimit: ObserveLimit;
  /** When the next send of each user is due. */
  readonly #due = new Map<string, number>();
  #forgetAt = manyUsers;

  constructor({ limits, onLimit }: GuardOptions) {
    this.limits = limits;
    this.#onLimit = onLimit;
    this.#frames = new Rate(limits.framesPerSecond, limits.framesBurst);
    this.#customerSends = new Rate(limits.sendsPerSecond, limits.sendsBurst);
    this.#agentSends = new Rate(limits.agentSendsPerSecond, limits.agentSendsBurst);
  }

  /** Counts a send in, until `endSend`, which has to follow even on one that is refused. */
  beginSend({ role, user }: Session, now: number, load?: Load): void {
    if (load && ++load.sends > this.limits.inFlight) {
      throw this.refusal('inFlight', inFlightRetryMilliseconds);
    }
    if (role !== 'service') this.#spend(user.id, role, now);
  }

  endSend(load?: Load): void {
    if (load) load.sends -= 1;
  }

  /** Counts a subscription in, until `endSubscription`. */
  beginSubscription(load: Load): void {
    if (load.subscriptions >= this.limits.subscriptions) throw this.refusal('subscriptions');
    load.subscriptions += 1;
  }

  endSubscription(load: Load): void {
    load.subscriptions -= 1;
  }

  /** Whether frames are counted at all. */
  get countsFrames(): boolean {
    return !this.#frames.isOff;
  }

  /** When the next frame is due after one more. */
  nextFrame(due: number, now: number): number {
    return this.#frames.next(due, now);
  }

  /** By how many milliseconds it came too early; infinite when the connection has sent far too many. */
  frameEarlyBy(due: number, now: number): number {
    if (this.#frames.isFarTooEarly(due, now)) return Number.POSITIVE_INFINITY;
    return this.#frames.earlyBy(due, now);
  }

  /** Says that a limit was reached, and makes the error for it. */
  refusal(name: LimitName, retryAfterMs?: number): EventError {
    this.reached(name);
    const { answer, unit } = limitTable[name];
    const code = 'error' in answer ? answer.error : 'TOO_LARGE';
    const advice =
      retryAfterMs === undefined ? 'Send less at once.' : 'Wait retryAfterMs and send again.';
    const message = `The limit ${name} of ${this.limits[name]} ${unit} is reached. ${advice}`;
    return new EventError(code, {
      message,
      ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
    });
  }

  reached(name: LimitName): void {
    this.#onLimit(name);
  }

  #spend(userId: string, role: Exclude<Role, 'service'>, now: number) {
    const rate = role === 'customer' ? this.#customerSends : this.#agentSends;
    if (rate.isOff) return;
    const due = rate.next(this.#due.get(userId) ?? 0, now);
    const early = rate.earlyBy(due, now);
    if (early > 0) {
      throw this.refusal(role === 'customer' ? 'sendsPerSecond' : 'agentSendsPerSecond', early);
    }
    this.#due.set(userId, due);
    if (this.#due.size >= this.#forgetAt) this.#forget(now);
  }

  /** Whoever may send as much as at first need not be remembered. */
  #forget(now: number) {
    for (const [userId, due] of this.#due) if (due <= now) this.#due.delete(userId);
    this.#forgetAt = Math.max(manyUsers, 2 * this.#due.size);
  }
}
