/** How values are spread: how many are up to each bound, how many there are, and their sum. */
export class Distribution {
  readonly bounds: readonly number[];
  /** How many lie above the bound before and up to this one; the last is of those above all bounds. */
  readonly #counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(value: number): void {
    let index = 0;
    while (index < this.bounds.length && value > (this.bounds[index] ?? 0)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.sum += value;
  }

  get count(): number {
    return this.#counts.reduce((sum, each) => sum + each, 0);
  }

  /** How many values are up to each bound. */
  get upTo(): { bound: number; count: number }[] {
    let count = 0;
    return this.bounds.map((bound, index) => ({
      bound,
      count: (count += this.#counts[index] ?? 0),
    }));
  }
}
