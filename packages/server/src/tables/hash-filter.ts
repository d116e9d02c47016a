const bits = 2 ** 23;
const bitsPerHash = 4;

/**
 * Which hashes of 52 bits there may be: a Bloom filter of one MiB. Of those that were added it says yes, of others mostly no:
 * wrongly yes to 2 % at a million, to more beyond. Two halves of a hash make all its bits, as Kirsch and Mitzenmacher
 * found in 2006.
 */
export class HashFilter {
  readonly #words = new Uint32Array(bits / 32);

  add(hash: number): void {
    const step = stepOf(hash);
    let bit = hash % bits;
    for (let count = 0; count < bitsPerHash; count += 1) {
      this.#words[bit >>> 5] = this.#wordOf(bit) | (1 << (bit & 31));
      bit = (bit + step) % bits;
    }
  }

  mayHave(hash: number): boolean {
    const step = stepOf(hash);
    let bit = hash % bits;
    for (let count = 0; count < bitsPerHash; count += 1) {
      if ((this.#wordOf(bit) & (1 << (bit & 31))) === 0) return false;
      bit = (bit + step) % bits;
    }
    return true;
  }

  #wordOf(bit: number): number {
    return this.#words[bit >>> 5] ?? 0;
  }
}

/** From the other half; odd, so that a hash's bits are not the same. */
function stepOf(hash: number): number {
  return Math.floor(hash / 2 ** 26) | 1;
}
