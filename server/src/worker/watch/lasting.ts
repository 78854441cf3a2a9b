/** Remembers since when each of a set of things has been so, by a clock that nobody sets. */
export type Lasting = {
  /**
   * Of `keys`, all that are so at this look, those that have been so for `milliseconds` and longer. A key that was missing at
   * a look begins anew.
   */
  readonly longerThan: <Key extends string>(
    group: string,
    keys: readonly Key[],
    milliseconds: number,
  ) => ReadonlySet<Key>;
  /** Whether a value has changed since the look before; false at the first look, which has nothing to compare with. */
  readonly moved: (name: string, value: string) => boolean;
};

/**
 * What is wrong counts only once it has lasted in front of the watcher's own eyes, so that neither a wall clock that jumps
 * nor a product that was switched off for a night raises an alarm. `steady` is in milliseconds and only goes forward.
 */
export function rememberLasting(steady: () => number): Lasting {
  const groups = new Map<string, Map<string, number>>();
  const values = new Map<string, string>();
  return {
    moved: (name, value) => {
      const before = values.get(name);
      values.set(name, value);
      return before !== undefined && before !== value;
    },
    longerThan: (group, keys, milliseconds) => {
      const now = steady();
      const before = groups.get(group) ?? new Map<string, number>();
      const since = new Map(keys.map((key) => [key, before.get(key) ?? now] as const));
      groups.set(group, new Map<string, number>(since));
      return new Set(keys.filter((key) => now - (since.get(key) ?? now) >= milliseconds));
    },
  };
}
