/** Numbers in [0, 1) that are the same for the same seed. */
export type Random = () => number;

/** Mulberry32, public domain: https://github.com/bryc/code/blob/master/jshash/PRNGs.md. Spread is all that is asked of it. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of `choices`, or undefined when there are none. */
export function pick<Choice>(random: Random, choices: readonly Choice[]): Choice | undefined {
  return choices[Math.floor(random() * choices.length)];
}
