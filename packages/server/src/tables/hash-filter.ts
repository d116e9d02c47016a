const bits = 2 ** 23;
const bitsPerHash = 4;

/**
 * Which hashes of 52 bits there may be: a Bloom filter of one MiB. Of those that were added it says yes, of others mostly no:
 * wrongly yes to 2 % at a million, to more beyond.
 */
export class HashFilter {
  readonly #words = new Uint32Array(bits / 32);

  add(hash: number): void {
    for (const bit of bitsOf(hash)) {
      const word = bit >>> 5;
      this.#words[word] = (this.#words[word] ?? 0) | (1 << (bit & 31));
    }
  }

  mayHave(hash: number): boolean {
    return bitsOf(hash).every((bit) => ((this.#words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0);
  }
}

/** Kirsch and Mitzenmacher, 2006: two hashes make any number of them. */
function bitsOf(hash: number): number[] {
  const [low, high] = [hash % 2 ** 26, Math.floor(hash / 2 ** 26) | 1];
  return Array.from({ length: bitsPerHash }, (_, index) => (low + index * high) % bits);
}
