import type { RemoteRecord } from "./outgoing-value.ts";
import { idOf, membersOf } from "./read-answers.ts";

/** External id of a field → its internal id, which is what the bulk protocol calls it (oomnitza-api.md §1). */
export type InternalIds = ReadonlyMap<string, string>;

/** The internal ids in the metadata of People; a field that does not tell both of its names is left out. */
export function readInternalIds(meta: readonly unknown[]): InternalIds {
  return new Map(
    meta.flatMap((element) => {
      const { uid, internal_id } = membersOf(element);
      const [externalId, internalId] = [idOf(uid), idOf(internal_id)];
      return externalId === undefined || internalId === undefined ? [] : [[externalId, internalId] as const];
    }),
  );
}

/** A person somebody has in the instance, by external ids. */
type Present = { readonly key: string; readonly values: RemoteRecord };

export type BulkContent = {
  readonly keyColumn: string;
  readonly internalIds: InternalIds;
  /** Who was sent before and is left as it is. */
  readonly present: readonly Present[];
  /** Who is made or changed. */
  readonly changed: readonly (Present & { readonly isThere: boolean })[];
  /** Whether several people of the instance have the key, so that values could reach another than the one meant. */
  readonly isShared: (key: string) => boolean;
};

/**
 * The records of one upload. Whoever was sent before is in every upload, since an upload may count as the list of all there are: as the
 * instance has them, without what is empty; by the key alone where a value could reach another person. Who is changed is named by the key
 * alone besides, so that a refused change does not leave them out.
 */
export function bulkRecords({
  keyColumn,
  internalIds,
  present,
  changed,
  isShared,
}: BulkContent): readonly RemoteRecord[] {
  const record = ({ key, values }: Present): RemoteRecord =>
    Object.fromEntries(
      Object.entries({ ...values, [keyColumn]: key }).flatMap(([externalId, value]) => {
        const internalId = internalIds.get(externalId);
        return internalId === undefined ? [] : [[internalId, value] as const];
      }),
    );
  const named = (key: string): RemoteRecord => record({ key, values: {} });
  return [
    ...present.map(({ key, values }) => (isShared(key) ? named(key) : record({ key, values: filled(values) }))),
    ...changed.filter(({ isThere }) => isThere).map(({ key }) => named(key)),
    ...changed.map(record),
  ];
}

function filled(values: RemoteRecord): RemoteRecord {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== ""),
  );
}
