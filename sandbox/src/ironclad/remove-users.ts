import { BadInput } from "../http/bad-input.ts";
import type { Roster } from "../population/roster.ts";

export type Removal = {
  readonly ids?: readonly (number | string)[];
  readonly count?: number;
  /** Which users a count means: spread evenly over the list (default), or its first or last ones. */
  readonly from?: "spread" | "start" | "end";
};

/** Removes users from every listing; answers their ids. Throws BadInput when an id is not present. */
export function removeUsers(roster: Roster, removal: Removal): readonly unknown[] {
  const indexes = removal.ids === undefined ? countedIndexes(roster, removal) : namedIndexes(roster, removal.ids);
  const ids = indexes.map((index) => roster.user(index).id);
  roster.remove(indexes);
  return ids;
}

function namedIndexes(roster: Roster, ids: readonly (number | string)[]): readonly number[] {
  return ids.map((id) => {
    const index = roster.find(String(id));
    if (index === undefined) throw new BadInput(`There is no user ${id} to remove.`);
    return index;
  });
}

function countedIndexes(roster: Roster, { count = 1, from = "spread" }: Removal): readonly number[] {
  const everybody = roster.view({ kind: "everybody" });
  const wanted = Math.min(count, everybody.length);
  const place = (k: number) => {
    if (from === "start") return k;
    if (from === "end") return everybody.length - wanted + k;
    return Math.floor((k * everybody.length) / wanted);
  };
  return Array.from({ length: wanted }, (_, k) => everybody.nth(place(k)));
}
