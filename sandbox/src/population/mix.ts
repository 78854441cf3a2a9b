/**
 * A 32-bit number that depends on every bit of its three inputs (the finalizer of MurmurHash3). The populations are
 * drawn from it instead of from a random generator, so that user 999,999 costs the same as user 0.
 */
export function mix(seed: number, index: number, salt: number): number {
  let h = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b) ^ Math.imul(salt, 0xc2b2ae35)) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}
