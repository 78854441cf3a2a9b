/** Daily and weekly runs start up to this many minutes after the time that was set. */
export const jitterLimit = 10;

/** A whole number of minutes from 0 to `jitterLimit`, the same for the same seed at all times and on every machine. */
export function jitterMinutes(seed: string): number {
  // FNV-1a, 32 bit: http://www.isthe.com/chongo/tech/comp/fnv/. Spread is all that is asked of it.
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % (jitterLimit + 1);
}
