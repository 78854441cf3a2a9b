/**
 * A short text that is the same for the same keys in any order: how a page that comes again is recognised. 106 bits of
 * two multiplicative hashes (the cyrb53 construction); it guards against accidents, not against an attacker.
 */
export function fingerprintKeys(keys: readonly (string | null)[]): string {
  const text = JSON.stringify(keys.toSorted());
  return hash53(text, 0).toString(36) + hash53(text, 0x9e3779b9).toString(36);
}

function hash53(text: string, seed: number): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
