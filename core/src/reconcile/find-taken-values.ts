import { comparable } from "./comparable.ts";
import type { KnownPerson, PlannedChange } from "./plan.ts";

export type TakenValue = { readonly key: string; readonly holder: string };

/**
 * Changes that want a unique value which somebody else keeps. A holder who moves away in the same plan frees the value, unless
 * their own change is in conflict; so conflicts are searched until no new one appears. Two people may thus swap addresses.
 */
export function findTakenValues(
  changes: readonly PlannedChange[],
  people: readonly KnownPerson[],
  uniqueFields: readonly string[],
): readonly TakenValue[] {
  const holders = new Map(
    people.flatMap((person) =>
      uniqueFields.flatMap((field) => {
        const value = person.document[field];
        return typeof value === "string" ? [[`${field} ${comparable(value)}`, person.id] as const] : [];
      }),
    ),
  );
  const taken = new Map<string, string>();
  for (let found = true; found; ) {
    found = false;
    const moving = new Map(
      changes.flatMap((change) =>
        change.personId !== null && !taken.has(change.key) ? [[change.personId, change.person] as const] : [],
      ),
    );
    for (const change of changes) {
      if (taken.has(change.key)) continue;
      const holder = holderInTheWay(change, moving);
      if (holder === null) continue;
      taken.set(change.key, holder);
      found = true;
    }
  }
  return [...taken].map(([key, holder]) => ({ key, holder }));

  function holderInTheWay(change: PlannedChange, moving: ReadonlyMap<string, PlannedChange["person"]>): string | null {
    for (const field of uniqueFields) {
      const wanted = change.person[field];
      if (typeof wanted !== "string") continue;
      const holder = holders.get(`${field} ${comparable(wanted)}`);
      if (holder === undefined || holder === change.personId) continue;
      const next = moving.get(holder)?.[field];
      const movesAway = next === null || (typeof next === "string" && comparable(next) !== comparable(wanted));
      if (!movesAway) return holder;
    }
    return null;
  }
}
