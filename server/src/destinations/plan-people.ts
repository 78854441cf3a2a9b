import {
  comparedColumns,
  type PersonPlan,
  type PersonSettings,
  planPerson,
} from "@rollcall/core/destination/plan-person.ts";
import { comparable } from "@rollcall/core/reconcile/comparable.ts";
import { type InventoryPerson, listOwners } from "../features/destinations/push-store.ts";
import { type FoundPeople, findPeople, type RemotePerson } from "./find-people.ts";
import type { PushContext } from "./push-context.ts";

export type PlannedPerson = {
  readonly person: InventoryPerson;
  /** The value of the sync key; empty when there is none. */
  readonly key: string;
  /** The instance's record; null when there is none. */
  readonly remote: RemotePerson | null;
  readonly plan: PersonPlan;
};

export type PeoplePlan = {
  readonly keyColumn: string;
  readonly columns: readonly string[];
  readonly found: FoundPeople;
  readonly planned: readonly PlannedPerson[];
  /** People of whose key the instance has several. */
  readonly ambiguous: readonly { readonly person: InventoryPerson; readonly key: string; readonly count: number }[];
};

/** More people to look for than those to be brought into step. */
export type AlsoWanted = { readonly ids: readonly string[]; readonly keys: readonly string[] };

/** Reads the instance's list of people once and compares it here with the inventory. */
export async function planPeople(
  context: PushContext,
  settings: PersonSettings,
  people: readonly InventoryPerson[],
  also: AlsoWanted = { ids: [], keys: [] },
): Promise<PeoplePlan> {
  const { syncKey } = context.leased;
  const keyColumn = settings.fields.find(({ field }) => field === syncKey)?.externalId ?? syncKey;
  const columns = comparedColumns(settings, keyColumn);
  const keyOf = ({ values }: InventoryPerson): string => String(values[syncKey] ?? "").trim();
  const found = await findPeople(context.oomnitza, {
    keyColumn,
    columns,
    ids: new Set([...people.flatMap(({ remoteId }) => remoteId ?? []), ...also.ids]),
    keys: new Set([...people.map(keyOf), ...also.keys].map(comparable)),
  });
  const match = await matcherOf(context, found);
  const planned: PlannedPerson[] = [];
  const ambiguous: PeoplePlan["ambiguous"][number][] = [];
  for (const person of people) {
    const key = keyOf(person);
    const matched = match(person, comparable(key));
    if (Array.isArray(matched)) ambiguous.push({ person, key, count: matched.length });
    else planned.push({ person, key, remote: matched ?? null, plan: planPerson(settings, person, matched) });
  }
  return { keyColumn, columns, found, planned, ambiguous };
}

/**
 * The instance's record of a person: by the id that is known, else by the key, but never one that belongs to somebody else (who was
 * renamed here, for instance, and has the old name there). Several by the key: all of them.
 */
async function matcherOf({ parts, leased }: PushContext, found: FoundPeople) {
  const candidates = [...found.byKey.values()].flat().map(({ user_id }) => user_id);
  const owners = await listOwners(parts.database, leased.id, candidates);
  const isFree = (remote: RemotePerson, person: InventoryPerson): boolean => {
    const owner = owners.get(remote.user_id);
    return owner === undefined || owner === person.id;
  };
  return (person: InventoryPerson, key: string): RemotePerson | RemotePerson[] | undefined => {
    const linked = person.remoteId === null ? undefined : found.byId.get(person.remoteId);
    if (linked !== undefined) return linked;
    const free = (found.byKey.get(key) ?? []).filter((remote) => isFree(remote, person));
    return free.length > 1 ? free : free[0];
  };
}
