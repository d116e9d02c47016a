/** How much of something may be done in time. Of what was done, one number has to be kept: when the next is due. */
export class Rate {
  /** Milliseconds from one to the next. */
  readonly #interval: number;
  /** How far ahead of its time one may be. */
  readonly #lead: number;
  /** Whether there is no bound; then nobody need count. */
  readonly isOff: boolean;

  /** So many per second, and so many at once after a rest. */
  constructor(perSecond: number, burst: number) {
    this.#interval = 1000 / perSecond;
    this.isOff = this.#interval === 0 || burst === Number.POSITIVE_INFINITY;
    this.#lead = this.isOff ? Number.POSITIVE_INFINITY : this.#interval * burst;
  }

  /** When the next is due after one more now. It is never far away, for clocks are set back, too. */
  next(due: number, now: number): number {
    return Math.max(now, Math.min(due, now + 2 * this.#lead)) + this.#interval;
  }

  /** By how many milliseconds what led to this came too early; 0 or less when it did not. */
  earlyBy(due: number, now: number): number {
    return due - now - this.#lead;
  }

  /** Whether as much again has come as may come at once. */
  isFarTooEarly(due: number, now: number): boolean {
    return this.earlyBy(due, now) > this.#lead;
  }
}
