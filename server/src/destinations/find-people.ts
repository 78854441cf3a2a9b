import { keyFilter } from "@rollcall/core/destination/key-filter.ts";
import { inChunks } from "@rollcall/core/destination/plan-saas-users.ts";
import { idOf } from "@rollcall/core/destination/read-answers.ts";
import { comparable } from "@rollcall/core/reconcile/comparable.ts";
import type { Oomnitza } from "./open-oomnitza.ts";
import { readList } from "./read-list.ts";

export type RemotePerson = Readonly<Record<string, unknown>> & { readonly user_id: string };

/** The instance's people that matter to a push. */
export type FoundPeople = {
  readonly byId: ReadonlyMap<string, RemotePerson>;
  /** By comparable key; several when the instance has several. */
  readonly byKey: ReadonlyMap<string, readonly RemotePerson[]>;
  /** Comparable keys that several people of the whole instance have. */
  readonly sharedKeys: ReadonlySet<string>;
  /** Whether who is not found is not there. */
  readonly complete: boolean;
};

type Search = {
  /** The field by which people are found, by its external id. */
  readonly keyColumn: string;
  readonly columns: readonly string[];
  readonly ids: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
};

/** Reads all people of the instance once and keeps those that are looked for, by id or by key. */
export async function findPeople(oomnitza: Oomnitza, search: Search): Promise<FoundPeople> {
  const byId = new Map<string, RemotePerson>();
  const byKey = new Map<string, RemotePerson[]>();
  const everyKey = new Set<string>();
  const sharedKeys = new Set<string>();
  const { complete } = await readList(oomnitza, {
    kind: "read-people",
    path: "/users",
    query: { fields: search.columns.join(",") },
    idOfRow: (row) => idOf(row.user_id),
    onRow: (row) => {
      const person = toPerson(row);
      if (person === undefined) return;
      if (search.ids.has(person.user_id)) byId.set(person.user_id, person);
      const key = comparable(String(row[search.keyColumn] ?? ""));
      if (everyKey.has(key)) sharedKeys.add(key);
      everyKey.add(key);
      if (search.keys.has(key)) byKey.set(key, [...(byKey.get(key) ?? []), person]);
    },
  });
  return { byId, byKey, sharedKeys, complete };
}

/** Longer filters make addresses that proxies cut. */
const keysPerLookUp = 25;

/**
 * Asks for people by their keys alone: before a person is created after an incomplete reading, and before a creation whose outcome
 * is not known is repeated. A key that cannot be asked for is not in the answer at all.
 */
export async function lookUpPeople(
  oomnitza: Oomnitza,
  keyColumn: string,
  columns: readonly string[],
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly RemotePerson[]>> {
  const found = new Map<string, RemotePerson[]>();
  for (const chunk of inChunks(
    keys.filter((key) => keyFilter(keyColumn, [key]) !== undefined),
    keysPerLookUp,
  )) {
    for (const key of chunk) found.set(comparable(key), []);
    const { complete } = await readList(oomnitza, {
      kind: "look-up",
      path: "/users",
      query: { fields: columns.join(","), filter: keyFilter(keyColumn, chunk) },
      idOfRow: (row) => idOf(row.user_id),
      onRow: (row) => {
        const person = toPerson(row);
        if (person !== undefined) found.get(comparable(String(row[keyColumn] ?? "")))?.push(person);
      },
    });
    if (!complete) for (const key of chunk) if (found.get(comparable(key))?.length === 0) found.delete(comparable(key));
  }
  return found;
}

function toPerson(row: Readonly<Record<string, unknown>>): RemotePerson | undefined {
  const id = idOf(row.user_id);
  return id === undefined ? undefined : { ...row, user_id: id };
}
