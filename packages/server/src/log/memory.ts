/**
 * Remembers a limited number of values. Those that nobody has asked for in a while are forgotten together, which is
 * cheaper than keeping account of each.
 */
export class Memory {
  readonly #half: number;
  #recent = new Map<string, unknown>();
  #earlier = new Map<string, unknown>();

  constructor(size: number) {
    this.#half = size / 2;
  }

  get(key: string): unknown {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const earlier = this.#earlier.get(key);
    if (earlier !== undefined) this.set(key, earlier);
    return earlier;
  }

  set(key: string, value: unknown): void {
    this.#recent.set(key, value);
    if (this.#recent.size < this.#half) return;
    this.#earlier = this.#recent;
    this.#recent = new Map();
  }
}
