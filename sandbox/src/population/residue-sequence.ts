/** The increasing indexes below `limit` that belong to something, addressable in both directions without a list. */
export type Sequence = {
  readonly length: number;
  /** The k-th member; k must be in [0, length). */
  readonly nth: (k: number) => number;
  /** The position of an index, or undefined when the index is no member. */
  readonly rank: (index: number) => number | undefined;
};

/**
 * The indexes of [0, limit) whose remainder by `period` satisfies `belongs`. Costs O(period) once, O(1) per question:
 * that is how page 10,000 of a site's members is found without generating the 9,999 before it.
 */
export function residueSequence(limit: number, period: number, belongs: (remainder: number) => boolean): Sequence {
  const members: number[] = [];
  const positionOf = new Int32Array(period).fill(-1);
  const below = new Int32Array(period + 1);
  for (let remainder = 0; remainder < period; remainder++) {
    below[remainder] = members.length;
    if (belongs(remainder)) {
      positionOf[remainder] = members.length;
      members.push(remainder);
    }
  }
  below[period] = members.length;
  const fullPeriods = Math.floor(limit / period);
  return {
    length: fullPeriods * members.length + (below[limit % period] ?? 0),
    nth: (k) => Math.floor(k / members.length) * period + (members[k % members.length] ?? 0),
    rank: (index) => {
      const position = positionOf[index % period] ?? -1;
      if (index < 0 || index >= limit || position < 0) return undefined;
      return Math.floor(index / period) * members.length + position;
    },
  };
}

/** The same for an explicit increasing list. */
export function listSequence(indexes: readonly number[]): Sequence {
  const positionOf = new Map(indexes.map((index, position) => [index, position]));
  return { length: indexes.length, nth: (k) => indexes[k] ?? 0, rank: (index) => positionOf.get(index) };
}
