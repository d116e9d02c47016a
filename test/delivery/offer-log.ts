import type { Offer } from './offering.ts';

const outcomes = ['done', 'refused', 'held back'] as const;

/** How much room it begins with; it doubles when there is none left. */
const firstRoom = 65_536;

/** What came of many sends, as plain numbers: objects that all stay would keep the load busy with collecting garbage. */
export class OfferLog {
  #count = 0;
  #at = new Float64Array(firstRoom);
  #took = new Float64Array(firstRoom);
  #outcome = new Uint8Array(firstRoom);

  add(at: number, took: number, outcome: Offer['outcome']): void {
    if (this.#count === this.#at.length) this.#grow();
    this.#at[this.#count] = at;
    this.#took[this.#count] = took;
    this.#outcome[this.#count] = outcomes.indexOf(outcome);
    this.#count += 1;
  }

  all(): Offer[] {
    return Array.from({ length: this.#count }, (_, index) => ({
      at: this.#at[index] ?? 0,
      took: this.#took[index] ?? 0,
      outcome: outcomes[this.#outcome[index] ?? 0] ?? 'done',
    }));
  }

  #grow() {
    const room = 2 * this.#count;
    const [at, took, outcome] = [this.#at, this.#took, this.#outcome];
    this.#at = new Float64Array(room);
    this.#took = new Float64Array(room);
    this.#outcome = new Uint8Array(room);
    this.#at.set(at);
    this.#took.set(took);
    this.#outcome.set(outcome);
  }
}
