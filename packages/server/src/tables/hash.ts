/** How many hashes there are. */
export const hashes = 2 ** 52;

/** FNV-1a twice, for 52 bits, of texts as if they were one. */
export function hashOf(...texts: readonly string[]): number {
  let high = 0x811c9dc5;
  let low = 0x01000193;
  for (const text of texts) {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x5bd1e995);
      low ^= low >>> 15;
    }
  }
  return (high >>> 6) * 2 ** 26 + (low >>> 6);
}
