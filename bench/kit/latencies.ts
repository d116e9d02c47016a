/** Times of many operations, in milliseconds. */
export class Latencies {
  #times = new Float64Array(1 << 14);
  #count = 0;

  add(milliseconds: number) {
    if (this.#count === this.#times.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#times);
      this.#times = larger;
    }
    this.#times[this.#count] = milliseconds;
    this.#count += 1;
  }

  /** The time that this share of the operations did not exceed. */
  quantile(share: number): number {
    const sorted = this.#times.subarray(0, this.#count).toSorted();
    return sorted[Math.min(this.#count - 1, Math.floor(this.#count * share))] ?? Number.NaN;
  }
}
