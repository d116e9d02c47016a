import { hashes } from './hash.ts';

/** A key by its hash, and where its first reply is; one whose send failed leads nowhere. */
export interface PlacedKey {
  hash: number;
  place: number;
}

const none: readonly number[] = [];

/** Keys whose hashes are neighbours. They are plain numbers, so that to know many of them costs no time to collect garbage. */
class Part {
  readonly #hashes: number[] = [];
  readonly #places: number[] = [];

  add({ hash, place }: PlacedKey): void {
    this.#hashes.push(hash);
    this.#places.push(place);
  }

  remove({ hash, place }: PlacedKey): void {
    const index = this.#hashes.findIndex((each, at) => each === hash && this.#places[at] === place);
    if (index < 0) return;
    this.#hashes.splice(index, 1);
    this.#places.splice(index, 1);
  }

  placesOf(hash: number): readonly number[] {
    if (!this.#hashes.includes(hash)) return none;
    return this.#places.filter((_, index) => this.#hashes[index] === hash);
  }

  inOrder(): PlacedKey[] {
    return this.#hashes
      .map((hash, index) => ({ hash, place: this.#places[index] ?? 0 }))
      .toSorted((left, right) => left.hash - right.hash);
  }
}

/** The keys that only memory knows, in parts of the same size. */
export class YoungKeys {
  readonly #parts: readonly Part[];

  constructor(parts: number) {
    this.#parts = Array.from({ length: parts }, () => new Part());
  }

  add(key: PlacedKey): void {
    this.#partOf(key.hash)?.add(key);
  }

  remove(key: PlacedKey): void {
    this.#partOf(key.hash)?.remove(key);
  }

  /** Where the first reply to a key of this hash can be. */
  placesOf(hash: number): readonly number[] {
    return this.#partOf(hash)?.placesOf(hash) ?? none;
  }

  /** The keys of a part, in the order of their hashes. */
  ofPart(part: number): readonly PlacedKey[] {
    return this.#parts[part]?.inOrder() ?? [];
  }

  #partOf(hash: number): Part | undefined {
    return this.#parts[Math.floor((hash / hashes) * this.#parts.length)];
  }
}
