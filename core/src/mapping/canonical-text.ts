import type { MapOutcome } from "./mapping-schema.ts";

type Mapped = Extract<MapOutcome, { kind: "mapped" }>;

/**
 * One text for everything a mapped record would write or be found by, for the caller to hash: equal outcomes give equal
 * text, different ones different text, in whatever order the fields stand. An absent field differs from a cleared one.
 * Problems are not part of it. `salt` ties it to what else must match, such as the revision of the mapping.
 */
export function canonicalText(outcome: Mapped, salt: string): string {
  const { key, person, saas, syncKeys, activity } = outcome;
  return JSON.stringify([salt, key, activity, syncKeys, sortedEntries(person), sortedEntries(saas)]);
}

/** Names and values in turn: shorter than pairs, and as unambiguous, since names come first. */
function sortedEntries(values: Mapped["person"]): readonly unknown[] {
  return Object.keys(values)
    .sort()
    .flatMap((name) => [name, values[name]]);
}
