import type { ExplicitUser, JsonObject, JsonValue, SiteRole } from "./ironclad-user.ts";
import { firstAccountId } from "./memberships-of.ts";
import type { PopulationSource } from "./population-source.ts";
import type { Sequence } from "./residue-sequence.ts";

export type Scope =
  | { readonly kind: "everybody" }
  | { readonly kind: "account"; readonly account: number; readonly pending: boolean; readonly removed: boolean }
  | { readonly kind: "site"; readonly site: number };

/** The indexes a listing consists of, in their default order. */
export type View = { readonly length: number; readonly nth: (k: number) => number };

/**
 * The users as they are now: a source, and over it what was added, changed and removed. Only the touched users cost
 * memory. Added users continue the indexes of the source.
 */
export type Roster = {
  readonly view: (scope: Scope) => View;
  /** A derived value kept until anybody changes the roster. */
  readonly memo: <T>(key: string, make: () => T) => T;
  readonly user: (index: number) => JsonObject;
  readonly userText: (index: number) => string;
  readonly rolesOf: (index: number) => readonly SiteRole[];
  readonly accountOf: (index: number) => number;
  /** The index of a user who is not removed. */
  readonly find: (id: string) => number | undefined;
  readonly findRemoved: (id: string) => number | undefined;
  readonly removedIndexes: () => readonly number[];
  readonly nextIndex: () => number;
  readonly add: (entry: ExplicitUser) => void;
  readonly change: (index: number, set: JsonObject, unset: readonly string[]) => void;
  readonly remove: (indexes: readonly number[]) => void;
  readonly restore: (indexes: readonly number[]) => void;
  readonly setRole: (index: number, site: number, role: string | undefined) => void;
  /** The same overlay over another source (another number of sites, say), or over it an empty overlay. */
  readonly setSource: (source: PopulationSource, overlay: "keep" | "clear") => void;
  readonly source: () => PopulationSource;
};

export function createRoster(initial: PopulationSource): Roster {
  let source = initial;
  const removed = new Set<number>();
  const changed = new Map<number, JsonObject>();
  const roles = new Map<number, readonly SiteRole[]>();
  const added: ExplicitUser[] = [];
  const kept = new Map<string, unknown>();

  const addedAt = (index: number) => added[index - source.count];
  const originalUser = (index: number) => addedAt(index)?.user ?? source.user(index);
  const user = (index: number) => changed.get(index) ?? originalUser(index);
  const accountOf = (index: number) =>
    index < source.count ? source.accountOf(index) : (addedAt(index)?.account ?? firstAccountId);
  const rolesOf = (index: number) =>
    roles.get(index) ?? (index < source.count ? source.rolesOf(index) : (addedAt(index)?.memberships ?? []));
  const addedIndexes = () => added.map((_, position) => source.count + position);
  const memo = <T>(key: string, make: () => T): T => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as T;
  };

  const makeView = (scope: Scope): View => {
    const isShown = (index: number) => !removed.has(index);
    switch (scope.kind) {
      case "everybody": {
        const everyone: Sequence = {
          length: source.count,
          nth: (k) => k,
          rank: (i) => (i < source.count ? i : undefined),
        };
        return overlaid(everyone, removed, addedIndexes().filter(isShown));
      }
      case "account": {
        const listed = scope.pending ? source.accountSequence(scope.account) : source.activeSequence(scope.account);
        const more = addedIndexes().filter(
          (index) =>
            accountOf(index) === scope.account &&
            (scope.removed || isShown(index)) &&
            (scope.pending || user(index).verified !== false),
        );
        return overlaid(listed, scope.removed ? [] : removed, more);
      }
      case "site": {
        const listed = source.siteSequence(scope.site);
        const isMember = (index: number) => rolesOf(index).some(({ site }) => site === scope.site);
        const left = [...roles.keys()].filter((index) => !isMember(index));
        const joined = [...roles.keys()].filter((index) => listed.rank(index) === undefined && index < source.count);
        const more = [...joined, ...addedIndexes()].filter((index) => isShown(index) && isMember(index));
        return overlaid(
          listed,
          new Set([...removed, ...left]),
          more.sort((a, b) => a - b),
        );
      }
    }
  };

  return {
    view: (scope) => memo(JSON.stringify(scope), () => makeView(scope)),
    memo,
    user,
    userText: (index) =>
      changed.has(index) || index >= source.count ? JSON.stringify(user(index)) : source.userText(index),
    rolesOf,
    accountOf,
    find: (id) => findIndex(id, (index) => !removed.has(index)),
    findRemoved: (id) => findIndex(id, (index) => removed.has(index)),
    removedIndexes: () => [...removed],
    nextIndex: () => source.count + added.length,
    add: (entry) => {
      added.push(entry);
      kept.clear();
    },
    change: (index, set, unset) => {
      const merged: Record<string, JsonValue> = { ...user(index), ...set };
      for (const key of unset) delete merged[key];
      changed.set(index, merged);
      kept.clear();
    },
    remove: (indexes) => {
      for (const index of indexes) removed.add(index);
      kept.clear();
    },
    restore: (indexes) => {
      for (const index of indexes) removed.delete(index);
      kept.clear();
    },
    setRole: (index, site, role) => {
      const others = rolesOf(index).filter((entry) => entry.site !== site);
      const next = role === undefined ? others : [...others, { site, role }];
      roles.set(
        index,
        next.toSorted((a, b) => a.site - b.site),
      );
      kept.clear();
    },
    setSource: (next, overlay) => {
      source = next;
      kept.clear();
      if (overlay === "keep") return;
      removed.clear();
      changed.clear();
      roles.clear();
      added.length = 0;
    },
    source: () => source,
  };

  function findIndex(id: string, keep: (index: number) => boolean): number | undefined {
    const candidates = [source.indexOfId(id) ?? -1, ...changed.keys(), ...addedIndexes()];
    return candidates.find((index) => index >= 0 && keep(index) && String(user(index).id) === id);
  }
}

/** A sequence without some of its members, followed by others. A binary search finds the k-th that is left. */
function overlaid(sequence: Sequence, without: Iterable<number>, more: readonly number[]): View {
  const gaps = Int32Array.from([...without].flatMap((index) => sequence.rank(index) ?? [])).sort();
  const left = sequence.length - gaps.length;
  const nthLeft = (k: number) => {
    let low = 0;
    let high = gaps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((gaps[middle] ?? 0) - middle > k) high = middle;
      else low = middle + 1;
    }
    return sequence.nth(k + low);
  };
  return { length: left + more.length, nth: (k) => (k < left ? nthLeft(k) : (more[k - left] ?? 0)) };
}
