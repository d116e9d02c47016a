/** How often what happened, for a reader to judge what a run has tried. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(what: string, times = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  count(what: string): number {
    return this.#counts.get(what) ?? 0;
  }
}
