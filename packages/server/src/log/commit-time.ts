/** How much the newest commit counts beside all before it. */
const share = 1 / 64;

/** How long commits take, in milliseconds, smoothed so that a few long ones say little. */
export class CommitTime {
  #smoothed = 0;

  get milliseconds(): number {
    return this.#smoothed;
  }

  note(milliseconds: number): void {
    this.#smoothed += (milliseconds - this.#smoothed) * share;
  }
}
