const bits = 2 ** 21;
const bitsPerHash = 4;

/** What a filter looks at of a hash: its first bit, and how far on the next ones are. */
export interface HashBits {
  first: number;
  step: number;
}

/** The two halves of a hash of 52 bits, as Kirsch and Mitzenmacher found in 2006. The step is odd, so that no bit is twice. */
export function bitsOf(hash: number): HashBits {
  const high = Math.floor(hash / 2 ** 26);
  return { first: hash - high * 2 ** 26, step: high | 1 };
}

/**
 * Which hashes there may be: a Bloom filter of 256 KiB. Of those that were added it says yes, of others mostly no: wrongly
 * yes to a quarter of a per cent where there are 131,072, to more beyond.
 */
export class HashFilter {
  /** All that it knows. */
  readonly bytes: Uint8Array;

  /** What another one knows, unless it is to know nothing. */
  constructor(bytes: Uint8Array = new Uint8Array(bits / 8)) {
    this.bytes = bytes;
  }

  add({ first, step }: HashBits): void {
    for (let count = 0; count < bitsPerHash; count += 1) {
      const bit = (first + count * step) % bits;
      this.bytes[bit >>> 3] = this.#byteOf(bit) | (1 << (bit & 7));
    }
  }

  mayHave({ first, step }: HashBits): boolean {
    for (let count = 0; count < bitsPerHash; count += 1) {
      const bit = (first + count * step) % bits;
      if ((this.#byteOf(bit) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }

  #byteOf(bit: number): number {
    return this.bytes[bit >>> 3] ?? 0;
  }
}
